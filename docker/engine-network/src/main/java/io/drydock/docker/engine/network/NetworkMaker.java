package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Network.RemotePool;
import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.docker.engine.plugin.Plugins;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes and removes networks: checks the wish, chooses what it leaves open, and brings the network up. One at a time. */
final class NetworkMaker {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    private final NetworkTable table;
    private final NetworkStore store;
    private final RouteNetlink host;
    private final SubnetPools pools;
    private final @Nullable Firewall firewall;
    private final boolean userlandProxy;
    private final Plugins plugins;

    NetworkMaker(
            NetworkTable table,
            NetworkStore store,
            RouteNetlink host,
            SubnetPools pools,
            @Nullable Firewall firewall,
            boolean userlandProxy,
            Plugins plugins) {
        this.table = table;
        this.store = store;
        this.host = host;
        this.pools = pools;
        this.firewall = firewall;
        this.userlandProxy = userlandProxy;
        this.plugins = plugins;
    }

    synchronized Network create(NetworkRequest request) throws NetworkException, IOException {
        checkName(request.name());
        checkDrivers(request);
        var driver = request.driver().isEmpty() ? "bridge" : request.driver();
        NetworkOptions.check(driver, request.options());
        var id = HexIds.id();
        var asked4 = request.pools().stream().filter(p -> !isIpv6(p)).toList();
        var asked6 = request.pools().stream().filter(NetworkMaker::isIpv6).toList();
        var all = new ArrayList<Network.AddressPool>();
        var remote = remotePool(request, asked4);
        all.add(remote == null ? pool(asked4) : remote.pool());
        if (request.ipv6()) {
            all.add(pool6(asked6));
        } else if (!asked6.isEmpty()) {
            throw new NetworkException(
                    Kind.INVALID, "network " + request.name() + " has an IPv6 subnet but IPv6 is not enabled");
        }
        var wanted = request.options().get(Network.BRIDGE_NAME);
        boolean foreign = driver.equals("bridge") && wanted != null && host.link(wanted) != null;
        var network = new Network(
                id,
                request.name(),
                driver,
                Instant.now().toString(),
                all,
                request.ipv6(),
                request.internal(),
                request.attachable(),
                foreign,
                request.ipamOptions(),
                remote == null ? null : remote.id(),
                request.options(),
                request.labels());
        switch (driver) {
            case "bridge" -> checkBridgeName(network);
            case "overlay" -> checkOverlay(network, asked4);
            case "macvlan", "ipvlan" -> checkParent(network);
            default -> {
                // a plugin's
            }
        }
        bringUp(network);
        return network;
    }

    private void bringUp(Network network) throws NetworkException, IOException {
        try {
            var live = open(network, host, userlandProxy, plugins);
            if (live.remote() != null) {
                live.remote().create(network);
            }
            if (firewall != null && live.isBridge()) {
                firewall.putBridge(live.rules());
            }
            store.put(network);
            table.add(new NetworkTable.Entry(network, live));
        } catch (IOException | NetworkException | RuntimeException e) {
            takeDown(network);
            releasePool(network);
            throw e;
        }
    }

    /** Brings a network up that is described already. */
    static LiveNetwork open(Network network, RouteNetlink host, boolean userlandProxy, Plugins plugins)
            throws NetworkException, IOException {
        var pool = network.ipv4Pool();
        if (pool == null) {
            throw new NetworkException(Kind.INVALID, "network " + network.name() + " has no IPv4 addresses");
        }
        var subnet = Ipv4Subnet.parsed(pool.subnet());
        var gateway = Ipv4Subnet.parseAddress(pool.gateway());
        var address = new Ipv4Subnet(gateway == null ? subnet.address() + 1 : gateway, subnet.prefix());
        var otherwise = network.isOverlay() ? Integer.toString(Overlay.MTU) : "0";
        int mtu = Integer.parseInt(network.options().getOrDefault(NetworkOptions.MTU, otherwise));
        var bridge = LiveNetwork.open(network, address, null, mtu, !userlandProxy, host, plugins);
        if (!userlandProxy && bridge.isBridge()) {
            Sysctl.set("ipv4/conf/" + network.bridge() + "/route_localnet", "1");
        }
        return bridge;
    }

    /**
     * Makes a bridge, or the tunnel of an overlay network, again that somebody has deleted.
     *
     * @return the network; null if no network has such an interface
     */
    synchronized @Nullable LiveNetwork remake(String interfaceName) throws IOException {
        for (var entry : table.all()) {
            var bridge = entry.live();
            if (bridge != null
                    && bridge.isBridge()
                    && List.of(bridge.network().bridge(), Overlay.interfaceOf(bridge.network()))
                            .contains(interfaceName)
                    && host.link(interfaceName) == null) {
                var again = bridge.again(host);
                if (!userlandProxy) {
                    Sysctl.set("ipv4/conf/" + again.network().bridge() + "/route_localnet", "1");
                }
                entry.live(again);
                return again;
            }
        }
        return null;
    }

    private void takeDown(Network network) throws IOException {
        if (network.bridge().isEmpty()) {
            return;
        }
        if (network.isOverlay()) {
            host.deleteLink(Overlay.interfaceOf(network));
        }
        if (firewall != null) {
            firewall.removeBridge(network.bridge());
        }
        if (!network.foreignBridge()) {
            host.deleteLink(network.bridge());
        }
    }

    /** Removes a network no container is attached to. */
    synchronized Network remove(String nameOrId) throws NetworkException, IOException {
        var entry = table.find(nameOrId);
        var network = entry.network();
        if (network.predefined()) {
            throw new NetworkException(
                    Kind.FORBIDDEN, network.name() + " is a pre-defined network and cannot be removed");
        }
        entry.retire();
        // forgotten first: what is left of the rest is unused, and not a network that cannot be used
        store.removeNetwork(network.id());
        table.remove(network.id());
        takeDown(network);
        var live = entry.live();
        if (live != null && live.remote() != null) {
            live.remote().delete();
        }
        releasePool(network);
        return network;
    }

    private void checkName(String name) throws NetworkException {
        switch (name) {
            case "bridge", "host", "none", "default" ->
                throw new NetworkException(
                        Kind.FORBIDDEN, "operation is not permitted on predefined " + name + " network ");
            default -> {
                if (!NAME.matcher(name).matches()) {
                    throw new NetworkException(Kind.INVALID, "invalid name: " + name);
                }
            }
        }
        if (table.byName(name) != null) {
            throw new NetworkException(Kind.CONFLICT, "network with name " + name + " already exists");
        }
    }

    private void checkDrivers(NetworkRequest request) throws NetworkException {
        switch (request.driver()) {
            case "", "bridge", "macvlan", "ipvlan", "overlay" -> {}
            case "host", "null" ->
                throw new NetworkException(
                        Kind.FORBIDDEN, "only one instance of \"" + request.driver() + "\" network is allowed");
            default -> new PluginCalls(plugins, request.driver(), PluginCalls.NETWORK).check();
        }
        if (!request.ipamDriver().isEmpty() && !request.ipamDriver().equals("default")) {
            new PluginCalls(plugins, request.ipamDriver(), PluginCalls.IPAM).check();
        }
    }

    private void checkBridgeName(Network network) throws NetworkException {
        for (var other : table.bridges()) {
            if (other.network().bridge().equals(network.bridge())) {
                throw new NetworkException(
                        Kind.FORBIDDEN,
                        "cannot create network " + network.id() + " (" + network.bridge() + "): conflicts with network "
                                + other.network().id() + " (" + network.bridge() + "): networks have same bridge name");
            }
        }
    }

    private void checkOverlay(Network network, List<NetworkRequest.Pool> asked) throws NetworkException {
        if (network.ipv6()) {
            throw new NetworkException(Kind.INVALID, "IPv6 is not supported in overlay networks");
        }
        if (asked.isEmpty()) {
            throw new NetworkException(
                    Kind.INVALID, "overlay networks need a subnet that is the same on all hosts (--subnet)");
        }
        int identifier = Overlay.of(network.options()).identifier();
        for (var other : table.live()) {
            if (other.network().isOverlay() && Overlay.of(other.network().options()).identifier() == identifier) {
                throw new NetworkException(
                        Kind.FORBIDDEN,
                        "network " + other.network().name() + " is already using VXLAN identifier " + identifier);
            }
        }
    }

    private void checkParent(Network network) throws NetworkException {
        var parent = network.options().getOrDefault(ChildLink.PARENT, "");
        for (var other : table.live()) {
            if (!other.isBridge() && parent.equals(other.network().options().get(ChildLink.PARENT))) {
                throw new NetworkException(
                        Kind.INVALID,
                        "network " + other.network().name() + " is already using parent interface " + parent);
            }
        }
    }

    private record Requested(Network.AddressPool pool, RemotePool id) {}

    /** Requests addresses of an IPAM plugin; null if the engine is to choose them. */
    private @Nullable Requested remotePool(NetworkRequest request, List<NetworkRequest.Pool> all)
            throws NetworkException {
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
            if (used().stream().anyMatch(subnet::overlaps)) {
                throw new NetworkException(Kind.FORBIDDEN, "Pool overlaps with other one on this address space");
            }
            for (var auxiliary : asked.auxiliary().values()) {
                addresses.allocate(address(auxiliary, subnet, "failed to allocate secondary ip address"));
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

    private void releasePool(Network network) {
        var remote = network.remotePool();
        var pool = network.ipv4Pool();
        if (remote == null || pool == null) {
            return;
        }
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

    private List<Ipv4Subnet> used() {
        return table.live().stream().map(live -> live.address().network()).toList();
    }

    private Network.AddressPool pool(List<NetworkRequest.Pool> asked) throws NetworkException, IOException {
        if (asked.size() > 1) {
            throw new NetworkException(Kind.FORBIDDEN, "bridge driver doesn't support multiple subnets");
        }
        var used = used();
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

    private static boolean isIpv6(NetworkRequest.Pool pool) {
        return pool.subnet().indexOf(':') >= 0;
    }

    /** What the user asks for, or a subnet of the pools. */
    private Network.AddressPool pool6(List<NetworkRequest.Pool> asked) throws NetworkException, IOException {
        if (asked.size() > 1) {
            throw new NetworkException(Kind.FORBIDDEN, "bridge driver doesn't support multiple subnets");
        }
        if (asked.isEmpty()) {
            var chosen = pools.choose6(host, used6());
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
        if (used6().stream().anyMatch(subnet::overlaps)) {
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

    private List<Ipv6Subnet> used6() {
        return table.live().stream()
                .flatMap(live -> Stream.ofNullable(live.ipv6()))
                .map(side -> side.address().network())
                .toList();
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
