package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;

/**
 * A container's port that can be reached at the host.
 *
 * @param protocol the protocol
 * @param containerPort the port inside the container, 1–65535
 * @param hostIp the address of the host, {@code 0.0.0.0} or {@code ::} for all of a family
 * @param hostPort the port of the host, 1–65535
 */
@Json
public record PublishedPort(Protocol protocol, int containerPort, String hostIp, int hostPort) {

    /** The port as the keys of the Engine API's port maps say it: {@code 80/tcp}. */
    public String key() {
        return containerPort + "/" + protocol;
    }
}
