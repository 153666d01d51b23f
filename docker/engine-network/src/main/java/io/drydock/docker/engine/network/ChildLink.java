package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;
import java.util.Map;

/**
 * How interfaces of a network of driver macvlan or ipvlan are made: each is a child of one interface of the host.
 *
 * @param kind {@code macvlan} or {@code ipvlan}
 * @param parent the number of the host's interface
 * @param mode as the kernel numbers it
 * @param flag of ipvlan, as the kernel numbers it; 0 for macvlan
 */
record ChildLink(String kind, int parent, int mode, int flag) {
    static final String PARENT = "parent";

    private static final Map<String, Integer> MACVLAN_MODES =
            Map.of("private", 1, "vepa", 2, "bridge", 4, "passthru", 8);
    private static final Map<String, Integer> IPVLAN_MODES = Map.of("l2", 0, "l3", 1, "l3s", 2);
    private static final Map<String, Integer> IPVLAN_FLAGS = Map.of("bridge", 0, "private", 1, "vepa", 2);

    /** What the network's options say; the interface of the host is made if it is one that the engine makes. */
    static ChildLink of(Network network, RouteNetlink host) throws NetworkException, IOException {
        var kind = network.driver();
        var link = ParentLink.open(network, host);
        if (kind.equals("macvlan")) {
            return new ChildLink(kind, link.index(), chosen(network, "macvlan_mode", "bridge", MACVLAN_MODES), 0);
        }
        return new ChildLink(
                kind,
                link.index(),
                chosen(network, "ipvlan_mode", "l2", IPVLAN_MODES),
                chosen(network, "ipvlan_flag", "bridge", IPVLAN_FLAGS));
    }

    private static int chosen(Network network, String option, String otherwise, Map<String, Integer> values)
            throws NetworkException {
        var text = network.options().getOrDefault(option, otherwise);
        var value = values.get(text.isEmpty() ? otherwise : text);
        if (value == null) {
            throw new NetworkException(
                    Kind.INVALID,
                    "requested " + network.driver() + " " + option.substring(option.indexOf('_') + 1) + " '" + text
                            + "' is not valid, '" + otherwise + "' mode is the " + network.driver()
                            + " driver default");
        }
        return value;
    }

    /** Makes an interface of that name in another namespace, down. */
    void create(RouteNetlink host, String name, int namespace) throws IOException {
        if (kind.equals("macvlan")) {
            host.createMacvlan(parent, name, namespace, mode);
        } else {
            host.createIpvlan(parent, name, namespace, mode, flag);
        }
    }
}
