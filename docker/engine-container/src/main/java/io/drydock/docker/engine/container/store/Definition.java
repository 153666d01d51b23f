package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.Json;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EndpointSettings;
import io.drydock.spec.engine.HostConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container is meant to be; fixed at its creation but for the name and what an update changes.
 *
 * @param id 64 hex digits
 * @param name without the slash
 * @param created RFC 3339 with nanoseconds
 * @param path the program, entrypoint and command taken together
 * @param args its arguments
 * @param config the config with the image's defaults filled in
 * @param hostConfig the host's part with the engine's defaults filled in
 * @param imageId the image's digest
 * @param chainId the snapshot the root file system was prepared from
 * @param mounts what is mounted besides the engine's own files
 * @param endpoints the networks it belongs to, by name, and what was asked for there; that of the network mode first
 */
@Json
public record Definition(
        String id,
        String name,
        String created,
        String path,
        List<String> args,
        ContainerConfig config,
        HostConfig hostConfig,
        String imageId,
        String chainId,
        List<MountPlan> mounts,
        Map<String, EndpointSettings> endpoints) {

    /** Copies the lists. */
    public Definition {
        args = List.copyOf(args);
        mounts = List.copyOf(mounts);
        endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints)); // their order numbers the interfaces
    }

    /** The same with another name. */
    public Definition withName(String other) {
        return new Definition(id, other, created, path, args, config, hostConfig, imageId, chainId, mounts, endpoints);
    }

    /** The same with other mounts. */
    public Definition withMounts(List<MountPlan> other) {
        return new Definition(id, name, created, path, args, config, hostConfig, imageId, chainId, other, endpoints);
    }

    /** The same with another host part. */
    public Definition withHostConfig(HostConfig other) {
        return new Definition(id, name, created, path, args, config, other, imageId, chainId, mounts, endpoints);
    }

    /** The same with other networks. */
    public Definition withEndpoints(Map<String, EndpointSettings> other) {
        return new Definition(id, name, created, path, args, config, hostConfig, imageId, chainId, mounts, other);
    }

    /** The id as users see it: 12 digits. */
    public String shortId() {
        return id.substring(0, 12);
    }
}
