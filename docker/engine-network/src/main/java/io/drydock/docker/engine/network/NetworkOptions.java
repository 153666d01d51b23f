package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import java.util.Map;
import java.util.Set;

/** The options of a network's driver that mean something to the engine, and what they may be. */
final class NetworkOptions {
    static final String ICC = "com.docker.network.bridge.enable_icc";
    static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
    static final String HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4";
    static final String INHIBIT_IPV4 = "com.docker.network.bridge.inhibit_ipv4";
    static final String MTU = "com.docker.network.driver.mtu";
    static final String INTERFACE_PREFIX = "com.docker.network.container_iface_prefix";

    private static final String OURS = "com.docker.network.";
    private static final Set<String> FLAGS = Set.of(ICC, MASQUERADE, INHIBIT_IPV4);
    private static final Set<String> BRIDGE =
            Set.of(ICC, MASQUERADE, HOST_BINDING, INHIBIT_IPV4, MTU, INTERFACE_PREFIX, Network.BRIDGE_NAME);
    private static final Map<String, Set<String>> OF_DRIVER = Map.of(
            "bridge", BRIDGE,
            "overlay", Set.of(Overlay.IDENTIFIER, Overlay.PEERS, Overlay.PORT, Overlay.LOCAL, MTU, INTERFACE_PREFIX),
            "macvlan", Set.of(ChildLink.PARENT, "macvlan_mode", MTU, INTERFACE_PREFIX),
            "ipvlan", Set.of(ChildLink.PARENT, "ipvlan_mode", "ipvlan_flag", MTU, INTERFACE_PREFIX));
    private static final int LONGEST_INTERFACE = 15;

    private NetworkOptions() {}

    /** Whether the engine itself has the driver; if not, it is a plugin. */
    static boolean isBuiltIn(String driver) {
        return OF_DRIVER.containsKey(driver) || driver.equals("host") || driver.equals("null");
    }

    /** Refuses options that make no sense, and Docker's own ones that have no effect with that driver. */
    static void check(String driver, Map<String, String> options) throws NetworkException {
        var known = OF_DRIVER.get(driver);
        if (known == null) {
            return; // the plugin will say
        }
        for (var option : options.entrySet()) {
            var name = option.getKey();
            var value = option.getValue();
            if ((name.startsWith(OURS) || !driver.equals("bridge")) && !known.contains(name)) {
                throw new NetworkException(Kind.INVALID, "network option " + name + " is not supported");
            }
            if (FLAGS.contains(name) && !isTrue(value) && !isFalse(value)) {
                throw unreadable(name, value, "strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
            }
            if (name.equals(MTU)) {
                checkMtu(value);
            }
            if (name.equals(HOST_BINDING) && Ipv4Subnet.parseAddress(value) == null) {
                throw unreadable(name, value, "nil ip");
            }
            if (name.equals(Network.BRIDGE_NAME) && (value.isEmpty() || value.length() > LONGEST_INTERFACE)) {
                throw new NetworkException(Kind.INVALID, "invalid interface name: " + value);
            }
            if (name.equals(INTERFACE_PREFIX) && (value.isEmpty() || value.length() > LONGEST_INTERFACE - 3)) {
                throw new NetworkException(Kind.INVALID, "invalid interface prefix: " + value);
            }
        }
    }

    private static void checkMtu(String value) throws NetworkException {
        try {
            if (Integer.parseInt(value) < 0) {
                throw new NetworkException(Kind.INVALID, "invalid MTU number: " + value);
            }
        } catch (NumberFormatException e) {
            throw unreadable(MTU, value, "strconv.Atoi: parsing \"" + value + "\": invalid syntax");
        }
    }

    private static NetworkException unreadable(String option, String value, String why) {
        return new NetworkException(Kind.INVALID, "failed to parse " + option + " value: " + value + " (" + why + ")");
    }

    /** As Go reads booleans. */
    static boolean isTrue(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            default -> false;
        };
    }

    private static boolean isFalse(String text) {
        return switch (text) {
            case "0", "f", "F", "false", "FALSE", "False" -> true;
            default -> false;
        };
    }
}
