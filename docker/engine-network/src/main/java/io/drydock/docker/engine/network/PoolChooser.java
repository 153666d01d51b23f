package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Network.RemotePool;
import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.docker.engine.plugin.Plugins;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the addresses of new networks: what the user asks for, what is free, or what a plugin gives. */
final class PoolChooser {
    private final NetworkTable table;
    private final RouteNetlink host;
    private final SubnetPools pools;
    private final Plugins plugins;

    PoolChooser(NetworkTable table, RouteNetlink host, SubnetPools pools, Plugins plugins) {
        this.table = table;
        this.host = host;
        this.pools = pools;
        this.plugins = plugins;
    }

    /**
     * What a plugin gave.
     *
     * @param pool the addresses
     * @param id by which the plugin knows them
     */
    record Requested(Network.AddressPool pool, RemotePool id) {}

    /** Requests addresses of an IPAM plugin; null if the engine is to choose them. */
    @Nullable
    Requested remotePool(NetworkRequest request, List<NetworkRequest.Pool> all) throws NetworkException {
        var name = request.ipamDriver();
        if (name.isEmpty() || name.equals("default")) {
            return null;
        }
        if (request.ipv6()) {
            throw new NetworkException(Kind.INVALID, "IPv6 addresses of IPAM plugins are not supported");
        }
        if (all.size() > 1) {
            throw new NetworkException(Kind.FORBIDDEN, "bridge driver doesn't support multiple subnets");
        }
        var asked = all.isEmpty() ? new NetworkRequest.Pool("", "", "", Map.of()) : all.getFirst();
        var plugin = new PluginCalls(plugins, name, PluginCalls.IPAM);
        var given = RemoteAddresses.request(plugin, asked.subnet(), asked.ipRange(), request.ipamOptions());
        var id = new RemotePool(name, given.id());
        var addresses = new RemoteAddresses(plugin, id);
        try {
            var subnet = given.subnet();
            if (LiveNetwork.subnets(table.live()).stream().anyMatch(subnet::overlaps)) {
                throw new NetworkException(Kind.FORBIDDEN, "Pool overlaps with other one on this address space");
            }
            for (var auxiliary : asked.auxiliary().values()) {
                addresses.allocate(
                        address(auxiliary, subnet, "failed to allocate secondary ip address (" + auxiliary + ")"));
            }
            var gateway = Ipv4Subnet.format(addresses.gateway(asked.gateway()));
            return new Requested(
                    new Network.AddressPool(
                            subnet.toString(),
                            asked.ipRange(),
                            gateway,
                            asked.auxiliary(),
                            asked.subnet(),
                            !asked.gateway().isEmpty()),
                    id);
        } catch (NetworkException e) {
            addresses.releasePool();
            throw e;
        }
    }

    /** Gives a network's pool back to the plugin that gave it, if one did. */
    void releasePool(Network network) {
        var remote = network.remotePool();
        var pool = network.ipv4Pool();
        if (remote != null && pool != null) {
            releasePool(new Requested(pool, remote));
        }
    }

    /** Gives a pool back to the plugin that gave it. */
    void releasePool(Requested given) {
        var remote = given.id();
        var pool = given.pool();
        var addresses = new RemoteAddresses(new PluginCalls(plugins, remote.driver(), PluginCalls.IPAM), remote);
        var taken = new ArrayList<>(pool.auxiliary().values());
        taken.add(pool.gateway());
        for (var text : taken) {
            var address = Ipv4Subnet.parseAddress(text);
            if (address != null) {
                addresses.release(address);
            }
        }
        addresses.releasePool();
    }

    /** What the user asks for, or a free subnet of the pools. */
    Network.AddressPool pool(List<NetworkRequest.Pool> asked) throws NetworkException, IOException {
        if (asked.size() > 1) {
            throw new NetworkException(Kind.FORBIDDEN, "bridge driver doesn't support multiple subnets");
        }
        var used = LiveNetwork.subnets(table.live());
        if (asked.isEmpty()) {
            var subnet = pools.choose(host, used);
            var gateway = Ipv4Subnet.format(subnet.address() + 1);
            return new Network.AddressPool(subnet.toString(), "", gateway, Map.of(), "", false);
        }
        return pool(asked.getFirst(), used);
    }

    private static Network.AddressPool pool(NetworkRequest.Pool asked, List<Ipv4Subnet> used) throws NetworkException {
        var subnet = Ipv4Subnet.parse(asked.subnet());
        if (subnet == null) {
            throw new NetworkException(
                    Kind.INVALID, "Invalid subnet " + asked.subnet() + " : invalid CIDR address: " + asked.subnet());
        }
        subnet = subnet.network();
        if (used.stream().anyMatch(subnet::overlaps)) {
            throw new NetworkException(Kind.FORBIDDEN, "Pool overlaps with other one on this address space");
        }
        var range = range(asked, subnet);
        var addresses = new ArrayList<String>(asked.auxiliary().values());
        for (var auxiliary : addresses) {
            address(auxiliary, subnet, "failed to allocate secondary ip address (" + auxiliary + ")");
        }
        if (!asked.gateway().isEmpty()) {
            address(asked.gateway(), subnet, "failed to allocate gateway (" + asked.gateway() + ")");
        }
        var gateway = asked.gateway().isEmpty() ? firstFree(subnet, range, addresses) : asked.gateway();
        return new Network.AddressPool(
                subnet.toString(),
                range == null ? "" : range.toString(),
                gateway,
                asked.auxiliary(),
                asked.subnet(),
                !asked.gateway().isEmpty());
    }

    static boolean isIpv6(NetworkRequest.Pool pool) {
        return pool.subnet().indexOf(':') >= 0;
    }

    /** What the user asks for, or a subnet of the pools. */
    Network.AddressPool pool6(List<NetworkRequest.Pool> asked) throws NetworkException, IOException {
        if (asked.size() > 1) {
            throw new NetworkException(Kind.FORBIDDEN, "bridge driver doesn't support multiple subnets");
        }
        if (asked.isEmpty()) {
            var chosen = pools.choose6(host, LiveNetwork.subnets6(table.live()));
            return new Network.AddressPool(chosen.toString(), "", chosen.plus(1).address(), Map.of(), "", false);
        }
        return pool6(asked.getFirst());
    }

    private Network.AddressPool pool6(NetworkRequest.Pool asked) throws NetworkException {
        var parsed = Ipv6Subnet.parse(asked.subnet());
        if (parsed == null) {
            throw new NetworkException(
                    Kind.INVALID, "Invalid subnet " + asked.subnet() + " : invalid CIDR address: " + asked.subnet());
        }
        var subnet = parsed.network();
        if (LiveNetwork.subnets6(table.live()).stream().anyMatch(subnet::overlaps)) {
            throw new NetworkException(Kind.FORBIDDEN, "Pool overlaps with other one on this address space");
        }
        var range = asked.ipRange().isEmpty() ? null : Ipv6Subnet.parse(asked.ipRange());
        if (!asked.ipRange().isEmpty() && (range == null || !subnet.contains(range))) {
            throw new NetworkException(Kind.INVALID, "Invalid sub-pool: " + asked.ipRange());
        }
        var gateway = asked.gateway().isEmpty() ? subnet.plus(1) : Ipv6Subnet.parseAddress(asked.gateway());
        if (gateway == null || !subnet.contains(gateway)) {
            throw new NetworkException(
                    Kind.INVALID,
                    "failed to allocate gateway (" + asked.gateway() + "): Requested address is out of range");
        }
        return new Network.AddressPool(
                subnet.toString(),
                range == null ? "" : range.network().toString(),
                gateway.address(),
                asked.auxiliary(),
                asked.subnet(),
                !asked.gateway().isEmpty());
    }

    private static @Nullable Ipv4Subnet range(NetworkRequest.Pool asked, Ipv4Subnet subnet) throws NetworkException {
        if (asked.ipRange().isEmpty()) {
            return null;
        }
        var range = Ipv4Subnet.parse(asked.ipRange());
        if (range == null || range.prefix() < subnet.prefix() || !subnet.contains(range.address())) {
            throw new NetworkException(Kind.INVALID, "Invalid sub-pool: " + asked.ipRange());
        }
        return range.network();
    }

    private static int address(String text, Ipv4Subnet subnet, String what) throws NetworkException {
        var address = Ipv4Subnet.parseAddress(text);
        if (address == null) {
            throw new NetworkException(Kind.INVALID, what + ": invalid address: " + text);
        }
        if (!subnet.contains(address)) {
            throw new NetworkException(Kind.INVALID, what + ": Requested address is out of range");
        }
        return address;
    }

    /** The gateway a user does not name: the first address of the range that is not set aside, as the original chooses it. */
    private static String firstFree(Ipv4Subnet subnet, @Nullable Ipv4Subnet range, List<String> taken)
            throws NetworkException {
        var free = new AddressAllocator(subnet, range == null ? subnet : range);
        for (var text : taken) {
            var address = Ipv4Subnet.parseAddress(text);
            if (address != null) {
                free.reserve(address);
            }
        }
        return Ipv4Subnet.format(free.allocate());
    }
}
