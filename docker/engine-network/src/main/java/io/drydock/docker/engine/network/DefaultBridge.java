package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
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
     * @param others the other networks, whose addresses are used
     * @param known what the network was before; null if it is new
     */
    LiveNetwork open(SubnetPools pools, List<LiveNetwork> others, @Nullable Network known)
            throws NetworkException, IOException {
        var settings = config.bridge();
        var name = settings.name() == null ? DEFAULT_NAME : settings.name();
        var link = host.link(name);
        if (link == null && !name.equals(DEFAULT_NAME)) {
            throw new NetworkException(
                    Kind.SYSTEM, "bridge device with non default name " + name + " must be created manually");
        }
        var address = address(link, pools, LiveNetwork.subnets(others));
        var range = settings.fixedCidr() == null
                ? ""
                : Ipv4Subnet.parsed(settings.fixedCidr()).network().toString();
        var gateway =
                settings.defaultGateway() == null ? Ipv4Subnet.format(address.address()) : settings.defaultGateway();
        var all = new ArrayList<Network.AddressPool>();
        all.add(new Network.AddressPool(address.network().toString(), range, gateway, Map.of(), "", false));
        var ipv6 = settings.ipv6().enabled() ? address6(pools, others, known) : null;
        if (ipv6 != null) {
            all.add(pool6(ipv6));
        }
        var network = new Network(
                known == null ? HexIds.id() : known.id(),
                "bridge",
                "bridge",
                known == null ? Instant.now().toString() : known.created(),
                all,
                ipv6 != null,
                false,
                false,
                !name.equals(DEFAULT_NAME),
                false,
                Map.of(),
                null,
                options(name),
                Map.of());
        return LiveNetwork.open(
                network, address, ipv6, settings.mtu(), !config.proxy().enabled(), host, null);
    }

    /** The bridge's IPv6 address with the subnet's prefix: of the flags, else what it was, else of the pools. */
    private Ipv6Subnet address6(SubnetPools pools, List<LiveNetwork> others, @Nullable Network known)
            throws NetworkException, IOException {
        var settings = config.bridge().ipv6();
        if (settings.address() != null) {
            return Ipv6Subnet.parsed(settings.address());
        }
        var before = known == null ? null : known.ipv6Pool();
        Ipv6Subnet subnet;
        if (settings.fixedCidr() != null) {
            subnet = Ipv6Subnet.parsed(settings.fixedCidr()).network();
        } else if (before != null) {
            subnet = Ipv6Subnet.parsed(before.subnet());
        } else {
            subnet = pools.choose6(host, LiveNetwork.subnets6(others));
        }
        return subnet.plus(1);
    }

    private Network.AddressPool pool6(Ipv6Subnet address) throws NetworkException {
        var settings = config.bridge().ipv6();
        var range = settings.fixedCidr() == null
                ? ""
                : Ipv6Subnet.parsed(settings.fixedCidr()).network().toString();
        if (!range.isEmpty() && !address.contains(Ipv6Subnet.parsed(range))) {
            throw new NetworkException(Kind.INVALID, "fixed-cidr-v6 " + range + " is not in " + address.network());
        }
        var gateway = settings.defaultGateway() == null ? address.address() : settings.defaultGateway();
        var parsed = Ipv6Subnet.parseAddress(gateway);
        if (parsed == null || !address.contains(parsed)) {
            throw new NetworkException(
                    Kind.INVALID, "default gateway " + gateway + " is not in the bridge's subnet " + address.network());
        }
        return new Network.AddressPool(address.network().toString(), range, gateway, Map.of(), "", false);
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
