package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A container's port that can be reached at the host, or several that follow each other on both sides.
 *
 * @param protocol the protocol
 * @param containerPort the (first) port inside the container, 1–65535
 * @param hostIp the address of the host, {@code 0.0.0.0} or {@code ::} for all of a family
 * @param hostPort the (first) port of the host, 1–65535
 * @param count how many ports, at least 1
 */
@Json
public record PublishedPort(Protocol protocol, int containerPort, String hostIp, int hostPort, int count) {

    /** Records that were written before there were ranges have no count, which reads as 0. */
    public PublishedPort {
        count = Math.max(count, 1);
    }

    /** The port as the keys of the Engine API's port maps say it: {@code 80/tcp}. */
    public String key() {
        return containerPort + "/" + protocol;
    }

    /** One by one. */
    Stream<PublishedPort> each() {
        return IntStream.range(0, count)
                .mapToObj(i -> new PublishedPort(protocol, containerPort + i, hostIp, hostPort + i, 1));
    }
}
