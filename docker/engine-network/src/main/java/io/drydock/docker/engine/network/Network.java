package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A network containers can be attached to.
 *
 * @param id 64 hex digits
 * @param name the name, unique in the engine
 * @param driver {@code bridge}, {@code macvlan}, {@code ipvlan}, {@code overlay}, {@code host}, {@code null} or the name of a plugin
 * @param created when, as RFC 3339 with nanoseconds
 * @param pools its addresses, at most one pool of each family; empty for networks without addresses
 * @param ipv6 whether containers get IPv6 addresses
 * @param internal whether the network has no way out
 * @param attachable whether a container of a swarm may be attached by hand (kept and shown)
 * @param foreignBridge whether the bridge was there before the network, so that it stays when the network goes
 * @param parentMade whether the engine made the interface whose children the containers' are, so that it goes with the network
 * @param ipamOptions options of the address management (kept and shown)
 * @param remotePool where a plugin manages its IPv4 addresses; null where the engine does
 * @param options the driver's options
 * @param labels the user's labels
 */
@Json
public record Network(
        String id,
        String name,
        String driver,
        String created,
        List<AddressPool> pools,
        boolean ipv6,
        boolean internal,
        boolean attachable,
        boolean foreignBridge,
        boolean parentMade,
        Map<String, String> ipamOptions,
        @Nullable RemotePool remotePool,
        Map<String, String> options,
        Map<String, String> labels) {

    static final String BRIDGE_NAME = "com.docker.network.bridge.name";

    /** Copies the lists and maps. */
    public Network {
        pools = List.copyOf(pools);
        ipamOptions = sorted(ipamOptions);
        options = sorted(options);
        labels = sorted(labels);
    }

    /** In the order in which the original shows them. */
    private static Map<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    /**
     * A subnet and what of it may be given away.
     *
     * @param subnet the subnet, {@code 172.18.0.0/16}
     * @param ipRange the part addresses are taken from, as a subnet; empty for all of it
     * @param gateway the default gateway of containers, which for a bridge is its own address
     * @param auxiliary addresses that are not given away, by the names of who has them
     * @param asked the subnet as the user wrote it; empty if the engine chose it
     * @param gatewayAsked whether the user named the gateway
     */
    @Json
    public record AddressPool(
            String subnet,
            String ipRange,
            String gateway,
            Map<String, String> auxiliary,
            String asked,
            boolean gatewayAsked) {

        /** Copies the map. */
        public AddressPool {
            auxiliary = sorted(auxiliary);
        }

        /** Whether its addresses are IPv6. */
        public boolean isIpv6() {
            return subnet.indexOf(':') >= 0;
        }
    }

    /**
     * Addresses that a plugin manages.
     *
     * @param driver the plugin's name
     * @param id by which the plugin knows the pool
     */
    @Json
    public record RemotePool(String driver, String id) {}

    /** The driver of its address management; {@code default} is the engine itself. */
    public String ipamDriver() {
        return remotePool == null ? "default" : remotePool.driver();
    }

    /** Whether this is bridge, host or none, which every engine has. */
    public boolean predefined() {
        return name.equals("bridge") || name.equals("host") || name.equals("none");
    }

    /** Whether names are resolved in it, aliases are allowed, and so on. */
    public boolean userDefined() {
        return !predefined();
    }

    /** The name of the network's bridge interface; empty for drivers without one. */
    public String bridge() {
        return switch (driver) {
            case "bridge" -> options.getOrDefault(BRIDGE_NAME, "br-" + id.substring(0, 12));
            case "overlay" -> "ov-" + id.substring(0, 12);
            default -> "";
        };
    }

    /** Whether its bridge is a port of a tunnel to other hosts, and not a router. */
    boolean isOverlay() {
        return driver.equals("overlay");
    }

    /** Whether its interfaces are children of one of the host that leads nowhere. */
    boolean isIsolated() {
        return (driver.equals("macvlan") || driver.equals("ipvlan"))
                && options.getOrDefault(ChildLink.PARENT, "").isEmpty();
    }

    /** Whether containers can reach anything else than each other by it. */
    boolean leadsOut() {
        return !internal && !isOverlay() && !isIsolated();
    }

    /** The pool of IPv4 addresses; null if it has none. */
    public @Nullable AddressPool ipv4Pool() {
        return pools.stream().filter(pool -> !pool.isIpv6()).findFirst().orElse(null);
    }

    /** The pool of IPv6 addresses; null if it has none. */
    public @Nullable AddressPool ipv6Pool() {
        return pools.stream().filter(AddressPool::isIpv6).findFirst().orElse(null);
    }

    /** An option that is yes or no. */
    boolean flag(String option, boolean otherwise) {
        var value = options.get(option);
        return value == null ? otherwise : NetworkOptions.isTrue(value);
    }
}
