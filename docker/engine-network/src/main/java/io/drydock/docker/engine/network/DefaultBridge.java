package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The network {@code bridge}, which the daemon's flags describe. */
final class DefaultBridge {
    private static final String DEFAULT_NAME = "docker0";

    private final NetworkConfig config;
    private final RouteNetlink host;

    DefaultBridge(NetworkConfig config, RouteNetlink host) {
        this.config = config;
        this.host = host;
    }

    /**
     * Brings it up, and makes the bridge if there is none.
     *
     * @param others what other networks use
     * @param id the id the network has, or is to have
     */
    LiveNetwork open(SubnetPools pools, List<Ipv4Subnet> others, String id, String created)
            throws NetworkException, IOException {
        var settings = config.bridge();
        var name = settings.name() == null ? DEFAULT_NAME : settings.name();
        var link = host.link(name);
        if (link == null && !name.equals(DEFAULT_NAME)) {
            throw new NetworkException(
                    Kind.SYSTEM, "bridge device with non default name " + name + " must be created manually");
        }
        var address = address(link, pools, others);
        var range = settings.fixedCidr() == null
                ? ""
                : Ipv4Subnet.parsed(settings.fixedCidr()).network().toString();
        var gateway =
                settings.defaultGateway() == null ? Ipv4Subnet.format(address.address()) : settings.defaultGateway();
        var pool = new Network.AddressPool(address.network().toString(), range, gateway, Map.of(), "", false);
        var network = new Network(
                id,
                "bridge",
                "bridge",
                created,
                List.of(pool),
                false,
                false,
                false,
                !name.equals(DEFAULT_NAME),
                Map.of(),
                options(name),
                Map.of());
        return LiveNetwork.open(
                network, address, settings.mtu(), !config.proxy().enabled(), host);
    }

    private Map<String, String> options(String name) {
        var settings = config.bridge();
        var options = new HashMap<String, String>();
        options.put("com.docker.network.bridge.default_bridge", "true");
        options.put(NetworkOptions.ICC, Boolean.toString(settings.icc()));
        options.put(
                NetworkOptions.MASQUERADE, Boolean.toString(config.firewall().masquerade()));
        var binding = config.hostAddress();
        options.put(NetworkOptions.HOST_BINDING, binding == null ? "0.0.0.0" : binding.getHostAddress());
        options.put(Network.BRIDGE_NAME, name);
        options.put(NetworkOptions.MTU, Integer.toString(settings.mtu() == 0 ? 1500 : settings.mtu()));
        return options;
    }

    private Ipv4Subnet address(RouteNetlink.@Nullable Link link, SubnetPools pools, List<Ipv4Subnet> others)
            throws NetworkException, IOException {
        var wanted = config.bridge().address();
        if (wanted != null) {
            return Ipv4Subnet.parsed(wanted);
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
}
