package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.docker.engine.plugin.Plugins;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network with interfaces that is up: a bridge, one whose interfaces are children of an interface of the host, or a plugin's.
 *
 * @param network its description
 * @param child how its interfaces are made, if they are children of one of the host
 * @param remote who makes them, if a plugin does; without both it is a bridge
 * @param index the number of the bridge interface; 0 without
 * @param ipv4 its IPv4 addresses; null if containers get none
 * @param mtu the MTU of interfaces in containers; 0 for the kernel's
 * @param hairpin whether a container may reach itself at a port it publishes without a proxy's help
 * @param ipv6 the same for IPv6; null if containers get no IPv6 addresses
 */
record LiveNetwork(
        Network network,
        @Nullable ChildLink child,
        @Nullable RemoteDriver remote,
        int index,
        @Nullable Ipv4Side ipv4,
        int mtu,
        boolean hairpin,
        @Nullable Ipv6Side ipv6) {

    /**
     * Brings a network up, and makes its bridge if it is to have one and there is none.
     *
     * @param address the bridge's address with the subnet's prefix; null for a network without IPv4
     * @param address6 the bridge's IPv6 address; null for the gateway's
     * @param mtu the MTU; 0 for the kernel's
     * @param hairpin whether a container may reach itself at a port it publishes without a proxy's help
     * @param plugins where drivers are found; null if none is needed
     */
    static LiveNetwork open(
            Network network,
            @Nullable Ipv4Subnet address,
            @Nullable Ipv6Subnet address6,
            int mtu,
            boolean hairpin,
            RouteNetlink host,
            @Nullable Plugins plugins)
            throws NetworkException, IOException {
        var pool = network.ipv4Pool();
        var ipv4 = pool == null || address == null ? null : Ipv4Side.of(network, pool, address, plugins);
        var pool6 = network.ipv6() ? network.ipv6Pool() : null;
        var ipv6 = pool6 == null ? null : Ipv6Side.of(pool6);
        if (ipv6 != null && address6 != null) {
            ipv6 = ipv6.at(address6);
        }
        var remote = plugins == null || NetworkOptions.isBuiltIn(network.driver())
                ? null
                : new RemoteDriver(new PluginCalls(plugins, network.driver(), PluginCalls.NETWORK), network.id());
        var child = network.bridge().isEmpty() && remote == null ? ChildLink.of(network, host) : null;
        int index = network.bridge().isEmpty() ? 0 : bringUp(network, ipv4, ipv6, mtu, host);
        return new LiveNetwork(network, child, remote, index, ipv4, mtu, hairpin, ipv6);
    }

    /** The IPv4 subnets that networks use. */
    static List<Ipv4Subnet> subnets(Collection<LiveNetwork> some) {
        return some.stream()
                .flatMap(live -> Stream.ofNullable(live.ipv4()))
                .map(side -> side.address().network())
                .toList();
    }

    /** The IPv6 subnets that networks use. */
    static List<Ipv6Subnet> subnets6(Collection<LiveNetwork> some) {
        return some.stream()
                .flatMap(live -> Stream.ofNullable(live.ipv6()))
                .map(side -> side.address().network())
                .toList();
    }

    boolean isBridge() {
        return child == null && remote == null;
    }

    /** The same with its bridge made again, which somebody has deleted. */
    LiveNetwork again(RouteNetlink host) throws IOException {
        int made = bringUp(network, ipv4, ipv6, mtu, host);
        return new LiveNetwork(network, child, remote, made, ipv4, mtu, hairpin, ipv6);
    }

    private static int bringUp(
            Network network, @Nullable Ipv4Side ipv4, @Nullable Ipv6Side ipv6, int mtu, RouteNetlink host)
            throws IOException {
        var name = network.bridge();
        var overlay = overlay(network);
        if (host.link(name) == null) {
            host.createBridge(name, HexIds.randomMac(), mtu);
        }
        var link = host.link(name);
        if (link == null) {
            throw new IOException("bridge " + name + " is gone");
        }
        if (overlay != null) {
            overlay.bringUp(Overlay.interfaceOf(network), link.index(), mtu, host);
        } else if (ipv4 != null && !network.flag(NetworkOptions.INHIBIT_IPV4, false)) {
            var address = ipv4.address();
            host.addAddress(link.index(), Ipv4Subnet.bytes(address.address()), address.prefix());
        }
        if (ipv6 != null && overlay == null) {
            ipv6.bringUp(name, link.index(), host);
        }
        host.up(name);
        return link.index();
    }

    private static @Nullable Overlay overlay(Network network) throws IOException {
        try {
            return network.isOverlay() ? Overlay.of(network.options()) : null;
        } catch (NetworkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The start of interfaces' names in containers. */
    String interfacePrefix() {
        return network.options().getOrDefault(NetworkOptions.INTERFACE_PREFIX, "eth");
    }

    /** The network as the firewall sees it. */
    Firewall.BridgeRules rules() {
        return new Firewall.BridgeRules(
                network.bridge(),
                ipv4 == null ? null : ipv4.address(),
                network.flag(NetworkOptions.MASQUERADE, true),
                network.flag(NetworkOptions.ICC, true),
                network.internal() || network.isOverlay(),
                ipv6 == null ? null : ipv6.address().network());
    }
}
