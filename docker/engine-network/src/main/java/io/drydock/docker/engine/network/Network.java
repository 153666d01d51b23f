package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.util.Map;

/**
 * A network containers can be attached to.
 *
 * @param id 64 hex digits
 * @param name the name, unique in the engine
 * @param driver {@code bridge}, {@code host} or {@code null}
 * @param created when, as RFC 3339 with nanoseconds
 * @param subnet the IPv4 subnet as {@code 172.17.0.0/16}; empty for networks without addresses
 * @param gateway the bridge's own address; empty for networks without addresses
 * @param ipRange the part of the subnet addresses are taken from, as a subnet; empty for all of it
 * @param internal whether the network has no way out
 * @param attachable whether a container of a swarm may be attached by hand (kept and shown)
 * @param options the driver's options, {@code com.docker.network.bridge.name} among them
 * @param labels the user's labels
 */
@Json
public record Network(
        String id,
        String name,
        String driver,
        String created,
        String subnet,
        String gateway,
        String ipRange,
        boolean internal,
        boolean attachable,
        Map<String, String> options,
        Map<String, String> labels) {

    static final String BRIDGE_NAME = "com.docker.network.bridge.name";

    /** Copies the maps. */
    public Network {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    /** Whether this is bridge, host or none, which every engine has. */
    public boolean predefined() {
        return name.equals("bridge") || name.equals("host") || name.equals("none");
    }

    /** The name of the network's bridge interface; empty for other drivers. */
    public String bridge() {
        return options.getOrDefault(BRIDGE_NAME, "");
    }
}
