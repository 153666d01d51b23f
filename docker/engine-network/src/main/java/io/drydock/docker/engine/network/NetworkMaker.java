package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.docker.engine.plugin.Plugins;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes and removes networks: checks the wish, chooses what it leaves open, and brings the network up. One at a time. */
final class NetworkMaker {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    private final NetworkTable table;
    private final NetworkStore store;
    private final RouteNetlink host;
    private final PoolChooser chooser;
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
        this.chooser = new PoolChooser(table, host, pools, plugins);
        this.firewall = firewall;
        this.userlandProxy = userlandProxy;
        this.plugins = plugins;
    }

    synchronized Network create(NetworkRequest request) throws NetworkException, IOException {
        checkName(request.name());
        checkDrivers(request);
        var driver = request.driver().isEmpty() ? "bridge" : request.driver();
        NetworkOptions.check(driver, request.options());
        var asked4 =
                request.pools().stream().filter(p -> !PoolChooser.isIpv6(p)).toList();
        var asked6 = request.pools().stream().filter(PoolChooser::isIpv6).toList();
        checkFamilies(request, driver, !asked4.isEmpty(), !asked6.isEmpty());
        var remote = chooser.remotePool(request, asked4);
        try {
            var pools = new ArrayList<Network.AddressPool>();
            if (remote != null) {
                pools.add(remote.pool());
            } else if (request.ipv4()) {
                pools.add(chooser.pool(asked4));
            }
            if (request.ipv6()) {
                pools.add(chooser.pool6(asked6));
            }
            var network = described(request, driver, pools, remote);
            check(network, asked4);
            bringUp(network);
            return network;
        } catch (IOException | NetworkException | RuntimeException e) {
            if (remote != null) {
                chooser.releasePool(remote);
            }
            throw e;
        }
    }

    /** At least one family, and no subnets of another one. */
    private static void checkFamilies(NetworkRequest request, String driver, boolean asked4, boolean asked6)
            throws NetworkException {
        if (!request.ipv4() && !request.ipv6()) {
            throw new NetworkException(Kind.INVALID, "IPv4 or IPv6 must be enabled");
        }
        if (!request.ipv4() && (driver.equals("overlay") || !NetworkOptions.isBuiltIn(driver))) {
            throw new NetworkException(Kind.INVALID, "networks without IPv4 are not supported with driver " + driver);
        }
        if (asked4 && !request.ipv4() || asked6 && !request.ipv6()) {
            var family = asked6 && !request.ipv6() ? "IPv6" : "IPv4";
            throw new NetworkException(
                    Kind.INVALID,
                    "network " + request.name() + " has an " + family + " subnet but " + family + " is not enabled");
        }
    }

    private Network described(
            NetworkRequest request,
            String driver,
            List<Network.AddressPool> pools,
            PoolChooser.@Nullable Requested remote)
            throws IOException {
        var wanted = request.options().get(Network.BRIDGE_NAME);
        boolean foreign = driver.equals("bridge") && wanted != null && host.link(wanted) != null;
        var id = HexIds.id();
        boolean child = driver.equals("macvlan") || driver.equals("ipvlan");
        return new Network(
                id,
                request.name(),
                driver,
                Instant.now().toString(),
                pools,
                request.ipv6(),
                request.internal(),
                request.attachable(),
                foreign,
                child && host.link(ParentLink.name(driver, id, request.options())) == null,
                request.ipamOptions(),
                remote == null ? null : remote.id(),
                request.options(),
                request.labels());
    }

    private void check(Network network, List<NetworkRequest.Pool> asked4) throws NetworkException {
        switch (network.driver()) {
            case "bridge" -> checkBridgeName(network);
            case "overlay" -> checkOverlay(network, asked4);
            case "macvlan", "ipvlan" -> checkParent(network);
            default -> {
                // a plugin's
            }
        }
    }

    private void bringUp(Network network) throws NetworkException, IOException {
        RemoteDriver created = null;
        try {
            var live = open(network, host, userlandProxy, plugins);
            if (live.remote() != null) {
                live.remote().create(network);
                created = live.remote();
            }
            if (firewall != null && live.isBridge()) {
                firewall.putBridge(live.rules());
            }
            store.put(network);
            table.add(new NetworkTable.Entry(network, live));
        } catch (IOException | NetworkException | RuntimeException e) {
            takeDown(network);
            if (created != null) {
                created.delete();
            }
            throw e;
        }
    }

    /** Brings a network up that is described already. */
    static LiveNetwork open(Network network, RouteNetlink host, boolean userlandProxy, Plugins plugins)
            throws NetworkException, IOException {
        var pool = network.ipv4Pool();
        var address = pool == null ? null : address(pool);
        var otherwise = network.isOverlay() ? Integer.toString(Overlay.MTU) : "0";
        int mtu = Integer.parseInt(network.options().getOrDefault(NetworkOptions.MTU, otherwise));
        var bridge = LiveNetwork.open(network, address, null, mtu, !userlandProxy, host, plugins);
        if (!userlandProxy && bridge.isBridge()) {
            Sysctl.set("ipv4/conf/" + network.bridge() + "/route_localnet", "1");
        }
        return bridge;
    }

    /** The address of a bridge. */
    private static Ipv4Subnet address(Network.AddressPool pool) throws NetworkException {
        var subnet = Ipv4Subnet.parsed(pool.subnet());
        var gateway = Ipv4Subnet.parseAddress(pool.gateway());
        return new Ipv4Subnet(gateway == null ? subnet.address() + 1 : gateway, subnet.prefix());
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
        if (network.parentMade()) {
            host.deleteLink(ParentLink.name(network));
        }
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
        chooser.releasePool(network);
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
        var pool6 = network.ipv6Pool();
        if (asked.isEmpty() || pool6 != null && pool6.asked().isEmpty()) {
            throw new NetworkException(
                    Kind.INVALID, "overlay networks need a subnet that is the same on all hosts (--subnet)");
        }
        int identifier = Overlay.of(network.options()).identifier();
        for (var other : table.live()) {
            if (other.network().isOverlay()
                    && Overlay.of(other.network().options()).identifier() == identifier) {
                throw new NetworkException(
                        Kind.FORBIDDEN,
                        "network " + other.network().name() + " is already using VXLAN identifier " + identifier);
            }
        }
    }

    private void checkParent(Network network) throws NetworkException {
        var parent = network.options().getOrDefault(ChildLink.PARENT, "");
        for (var other : table.live()) {
            if (!other.isBridge()
                    && !parent.isEmpty()
                    && parent.equals(other.network().options().get(ChildLink.PARENT))) {
                throw new NetworkException(
                        Kind.INVALID,
                        "network " + other.network().name() + " is already using parent interface " + parent);
            }
        }
    }
}
