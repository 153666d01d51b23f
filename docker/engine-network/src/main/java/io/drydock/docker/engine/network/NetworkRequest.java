package io.drydock.docker.engine.network;

import java.util.List;
import java.util.Map;

/**
 * A wish for a network.
 *
 * @param name its name
 * @param driver {@code bridge}; empty for that
 * @param ipamDriver {@code default}; empty for that
 * @param ipamOptions options of the address management
 * @param pools what addresses it is to have, as written; empty for a free subnet of the engine's pools
 * @param ipv4 whether containers get IPv4 addresses
 * @param ipv6 whether containers get IPv6 addresses
 * @param internal whether it is to have no way out
 * @param attachable kept and shown
 * @param options the driver's options
 * @param labels the user's labels
 */
public record NetworkRequest(
        String name,
        String driver,
        String ipamDriver,
        Map<String, String> ipamOptions,
        List<Pool> pools,
        boolean ipv4,
        boolean ipv6,
        boolean internal,
        boolean attachable,
        Map<String, String> options,
        Map<String, String> labels) {

    /** Copies the lists and maps. */
    public NetworkRequest {
        ipamOptions = Map.copyOf(ipamOptions);
        pools = List.copyOf(pools);
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    /**
     * A subnet, as the user writes it.
     *
     * @param subnet the subnet
     * @param ipRange the part addresses are taken from; empty for all of it
     * @param gateway the gateway; empty for the first address
     * @param auxiliary addresses that are not to be given away, by name
     */
    public record Pool(String subnet, String ipRange, String gateway, Map<String, String> auxiliary) {

        /** Copies the map. */
        public Pool {
            auxiliary = Map.copyOf(auxiliary);
        }
    }

    /** A bridge with a subnet of the engine's choice. */
    public static NetworkRequest bridge(String name) {
        return new NetworkRequest(name, "", "", Map.of(), List.of(), true, false, false, false, Map.of(), Map.of());
    }

    /** The same with these pools. */
    public NetworkRequest withPools(List<Pool> other) {
        return new NetworkRequest(
                name, driver, ipamDriver, ipamOptions, other, ipv4, ipv6, internal, attachable, options, labels);
    }

    /** The same with these options of the driver. */
    public NetworkRequest withOptions(Map<String, String> other) {
        return new NetworkRequest(
                name, driver, ipamDriver, ipamOptions, pools, ipv4, ipv6, internal, attachable, other, labels);
    }

    /** The same with IPv6 addresses out of these pools, or out of one of the engine's choice. */
    public NetworkRequest withIpv6(List<Pool> other) {
        return new NetworkRequest(
                name, driver, ipamDriver, ipamOptions, other, ipv4, true, internal, attachable, options, labels);
    }

    /** The same without a way out. */
    public NetworkRequest asInternal() {
        return new NetworkRequest(
                name, driver, ipamDriver, ipamOptions, pools, ipv4, ipv6, true, attachable, options, labels);
    }

    /** The same without IPv4 addresses. */
    public NetworkRequest withoutIpv4() {
        return new NetworkRequest(
                name, driver, ipamDriver, ipamOptions, pools, false, ipv6, internal, attachable, options, labels);
    }
}
