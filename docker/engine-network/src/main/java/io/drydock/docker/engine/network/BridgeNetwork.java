package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network of driver bridge that is up.
 *
 * @param network its description
 * @param index the number of the bridge interface
 * @param address the bridge's address with the subnet's prefix
 * @param gateway the default gateway of containers; null for none
 * @param mtu the MTU of interfaces in containers; 0 for the kernel's
 * @param hairpin whether a container may reach itself at a port it publishes without a proxy's help
 * @param addresses the addresses for containers
 */
record BridgeNetwork(
        Network network,
        int index,
        Ipv4Subnet address,
        @Nullable Integer gateway,
        int mtu,
        boolean hairpin,
        AddressAllocator addresses) {
    static final String ICC = "com.docker.network.bridge.enable_icc";
    static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
    static final String HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4";
    static final String MTU = "com.docker.network.driver.mtu";

    private static final String DEFAULT_NAME = "docker0";

    /**
     * Brings the default bridge up, and makes it if there is none.
     *
     * @param id the id the network has, or is to have
     */
    static BridgeNetwork openDefault(
            NetworkConfig config,
            RouteNetlink host,
            SubnetPools pools,
            List<Ipv4Subnet> others,
            String id,
            String created)
            throws NetworkException, IOException {
        var settings = config.bridge();
        var name = settings.name() == null ? DEFAULT_NAME : settings.name();
        var link = host.link(name);
        if (link == null && !name.equals(DEFAULT_NAME)) {
            throw new NetworkException(
                    NetworkException.Kind.SYSTEM,
                    "bridge device with non default name " + name + " must be created manually");
        }
        var address = address(settings.address(), host, link, pools, others);
        var options = new HashMap<String, String>();
        options.put("com.docker.network.bridge.default_bridge", "true");
        options.put(ICC, Boolean.toString(settings.icc()));
        options.put(MASQUERADE, Boolean.toString(config.firewall().masquerade()));
        var binding = config.hostAddress();
        options.put(HOST_BINDING, binding == null ? "0.0.0.0" : binding.getHostAddress());
        options.put(Network.BRIDGE_NAME, name);
        options.put(MTU, Integer.toString(settings.mtu() == 0 ? 1500 : settings.mtu()));
        var range = settings.fixedCidr() == null
                ? ""
                : parsed(settings.fixedCidr()).network().toString();
        var gateway =
                settings.defaultGateway() == null ? Ipv4Subnet.format(address.address()) : settings.defaultGateway();
        var network = new Network(
                id,
                "bridge",
                "bridge",
                created,
                address.network().toString(),
                gateway,
                range,
                false,
                false,
                options,
                Map.of());
        return open(network, address, settings.mtu(), !config.proxy().enabled(), host);
    }

    private static Ipv4Subnet address(
            @Nullable String wanted,
            RouteNetlink host,
            RouteNetlink.@Nullable Link link,
            SubnetPools pools,
            List<Ipv4Subnet> others)
            throws NetworkException, IOException {
        if (wanted != null) {
            return parsed(wanted);
        }
        if (link != null) {
            for (var address : host.addresses()) {
                if (address.link() == link.index()) {
                    return new Ipv4Subnet(ByteBuffer.wrap(address.address()).getInt(), address.prefix());
                }
            }
        }
        var subnet = pools.choose(host, others);
        return new Ipv4Subnet(subnet.address() + 1, subnet.prefix());
    }

    private static Ipv4Subnet parsed(String text) throws NetworkException {
        var subnet = Ipv4Subnet.parse(text);
        if (subnet == null) {
            throw new NetworkException(NetworkException.Kind.INVALID, "invalid CIDR address: " + text);
        }
        return subnet;
    }

    /**
     * Brings a network up, and makes its bridge if there is none.
     *
     * @param address the bridge's address with the subnet's prefix
     * @param mtu the MTU; 0 for the kernel's
     * @param hairpin whether a container may reach itself at a port it publishes without a proxy's help
     */
    static BridgeNetwork open(Network network, Ipv4Subnet address, int mtu, boolean hairpin, RouteNetlink host)
            throws NetworkException, IOException {
        var name = network.bridge();
        if (host.link(name) == null) {
            host.createBridge(name, HexIds.randomMac(), mtu);
        }
        var link = host.link(name);
        if (link == null) {
            throw new IOException("bridge " + name + " is gone");
        }
        host.addAddress(link.index(), Ipv4Subnet.bytes(address.address()), address.prefix());
        host.up(name);
        var range = network.ipRange().isEmpty() ? address : parsed(network.ipRange());
        var addresses = new AddressAllocator(address, range);
        addresses.reserve(address.address());
        var gateway = network.internal() ? null : Ipv4Subnet.parseAddress(network.gateway());
        if (gateway != null) {
            addresses.reserve(gateway);
        }
        return new BridgeNetwork(network, link.index(), address, gateway, mtu, hairpin, addresses);
    }

    /** The network as the firewall sees it. */
    Firewall.BridgeRules rules() {
        return new Firewall.BridgeRules(
                network.bridge(),
                address,
                !"false".equals(network.options().get(MASQUERADE)),
                !"false".equals(network.options().get(ICC)),
                network.internal());
    }
}
