package io.drydock.docker.engine.network;

import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.network.netlink.NfNetlink;
import io.drydock.docker.engine.network.netlink.NftBatch;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.docker.proxy.control.ProxyDaemon;
import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link NetworkController} is made of, and how it is put together at start-up.
 *
 * @param linux the kernel
 * @param poller waits for descriptors
 * @param host links and addresses of the engine's own namespace
 * @param namespaces makes namespaces
 * @param directory where namespaces are pinned
 * @param store the sandboxes on disk
 * @param firewall the table of rules; null if the engine makes none
 * @param watch keeps the table as it is; null with the table
 * @param publisher publishes ports
 * @param pool namespaces made ahead
 * @param reaper deletes sandboxes
 * @param table the networks
 * @param sandboxes the sandboxes of an earlier daemon
 */
record NetworkParts(
        Linux linux,
        Poller poller,
        RouteNetlink host,
        NamespaceFactory namespaces,
        Path directory,
        RecordStore<Sandbox> store,
        @Nullable Firewall firewall,
        @Nullable FirewallWatch watch,
        PortPublisher publisher,
        SandboxPool pool,
        SandboxReaper reaper,
        NetworkTable table,
        List<Sandbox> sandboxes)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkParts.class);
    private static final int POOL_SIZE = 6;

    static NetworkParts open(NetworkConfig config, Plugins plugins, NetworkStore networkStore)
            throws IOException, NetworkException {
        var linux = Linux.system();
        var poller = new Poller(linux, "network-poller");
        var host = new RouteNetlink(NetlinkSocket.route(linux));
        var namespaces = new NamespaceFactory(linux);
        var directory = Files.createDirectories(config.execRoot().resolve("netns"));
        var store = new RecordStore<>(
                config.execRoot().resolve("network/sandboxes"), Jsonb.instance().type(Sandbox.class));
        var sandboxes = living(store, namespaces, directory);
        var table = new NetworkRestorer(config, networkStore, host, plugins).open();
        var bridges = table.bridges();
        reserveAddresses(table.live(), sandboxes);

        boolean forwardOthers = prepareForwarding(config, bridges);
        var firewall = config.firewall().enabled() ? firewall(linux, config, bridges, forwardOthers) : null;
        var publisher = publisher(linux, poller, config, firewall, sandboxes);
        FirewallWatch watch = null;
        if (firewall != null) {
            watch = new FirewallWatch(linux, poller, firewall);
            firewall.rebuild();
        }
        var pool = new SandboxPool(namespaces, host, directory, bridges.isEmpty() ? 0 : POOL_SIZE);
        var reaper = new SandboxReaper(host, namespaces);
        return new NetworkParts(
                linux,
                poller,
                host,
                namespaces,
                directory,
                store,
                firewall,
                watch,
                publisher,
                pool,
                reaper,
                table,
                sandboxes);
    }

    /** The sandboxes that still exist. Namespaces that belong to none of them are removed. */
    private static List<Sandbox> living(RecordStore<Sandbox> store, NamespaceFactory namespaces, Path directory)
            throws IOException {
        var living = new ArrayList<Sandbox>();
        var known = new HashSet<Path>();
        for (var sandbox : store.load()) {
            if (sandbox.hostNetwork() || namespaces.pinned(sandbox.netns())) {
                living.add(sandbox);
                known.add(sandbox.netns());
            } else {
                store.remove(sandbox.containerId());
            }
        }
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                if (!known.contains(file)) {
                    namespaces.remove(file);
                }
            }
        }
        return List.copyOf(living);
    }

    private static void reserveAddresses(List<LiveNetwork> bridges, List<Sandbox> sandboxes) {
        for (var sandbox : sandboxes) {
            for (var endpoint : sandbox.endpoints()) {
                var address = Ipv4Subnet.parseAddress(endpoint.ipAddress());
                for (var bridge : bridges) {
                    if (!bridge.network().id().equals(endpoint.networkId())) {
                        continue;
                    }
                    if (bridge.ipv4() != null && address != null) {
                        bridge.ipv4().addresses().reserve(address);
                    }
                    var address6 = Ipv6Subnet.parseAddress(endpoint.ipv6Address());
                    if (bridge.ipv6() != null && address6 != null) {
                        bridge.ipv6().addresses().reserve(address6);
                    }
                }
            }
        }
    }

    /**
     * Switches forwarding on. A host that did not forward before is not to become a router by that, so nothing but the
     * containers' packets is forwarded then; a file remembers it for the next daemon, which finds forwarding on.
     *
     * @return whether packets that concern no container are forwarded
     */
    private static boolean prepareForwarding(NetworkConfig config, List<LiveNetwork> bridges) throws IOException {
        var marker = config.execRoot().resolve("network/forwarding-switched-on");
        if (config.firewall().forward() && !bridges.isEmpty() && Sysctl.set("ipv4/ip_forward", "1")) {
            Files.writeString(marker, "");
        }
        if (!config.proxy().enabled()) {
            for (var bridge : bridges) {
                Sysctl.set("ipv4/conf/" + bridge.network().bridge() + "/route_localnet", "1");
            }
        }
        return !Files.exists(marker);
    }

    private static Firewall firewall(
            Linux linux, NetworkConfig config, List<LiveNetwork> bridges, boolean forwardOthers) throws IOException {
        var name = config.bridge().name();
        var table = name == null || name.equals("none") || name.equals("docker0") ? "drydock" : "drydock-" + name;
        boolean proxy = config.proxy().enabled();
        boolean ipv6 = config.firewall().ipv6();
        var netlink = new NfNetlink(NetlinkSocket.netfilter(linux));
        Firewall firewall;
        if (config.firewall().backend().equals("iptables")) {
            try (netlink) {
                // of the other backend
                netlink.commit(new NftBatch(table).addTable().deleteTable());
                if (Files.exists(Path.of("/proc/net/if_inet6"))) {
                    netlink.commit(NftBatch.ofIpv6(table).addTable().deleteTable());
                }
            }
            firewall = new IptablesFirewall(linux, new IptablesProgram(), proxy, forwardOthers, ipv6);
        } else {
            firewall = new NftablesFirewall(netlink, table, proxy, forwardOthers, ipv6);
        }
        bridges.forEach(bridge -> firewall.adopt(bridge.rules()));
        return firewall;
    }

    private static PortPublisher publisher(
            Linux linux, Poller poller, NetworkConfig config, @Nullable Firewall firewall, List<Sandbox> sandboxes)
            throws IOException {
        var holder = holder(linux, poller, config);
        var ephemeral = Sysctl.get("ipv4/ip_local_port_range").split("\\s+");
        var rules = new PortPublisher.Rules(
                Files.exists(Path.of("/proc/net/if_inet6")),
                config.proxy().enabled(),
                config.firewall().policy());
        var publisher = new PortPublisher(
                firewall,
                holder,
                new SctpPorts(linux),
                rules,
                Integer.parseInt(ephemeral[0]),
                Integer.parseInt(ephemeral[1]));
        var held = new HashSet<>(adopt(holder));
        for (var sandbox : sandboxes) {
            for (var endpoint : sandbox.endpoints()) {
                adopt(publisher, sandbox, endpoint, held);
            }
        }
        publisher.forget(held);
        return publisher;
    }

    private static Set<ForwardedPort> adopt(PortHolder holder) {
        try {
            return holder.adopt();
        } catch (IOException e) {
            // the engine starts all the same: what is still held is reported port by port, and the kernel goes on
            // translating
            LOG.warn("take over the docker-proxy of an earlier daemon: {}", e.getMessage());
            return Set.of();
        }
    }

    private static void adopt(PortPublisher publisher, Sandbox sandbox, Endpoint endpoint, Set<ForwardedPort> held) {
        var address = ContainerAddress.of(endpoint);
        if (address == null) {
            return;
        }
        try {
            publisher.adopt(address, endpoint.ports(), held);
        } catch (IOException e) {
            // the container goes on without this port, which another program took while no daemon ran
            LOG.warn("publish ports of container {} again: {}", sandbox.containerId(), e.getMessage());
        }
        endpoint.ports().forEach(port -> held.remove(PortPublisher.forwarded(address, port)));
    }

    private static PortHolder holder(Linux linux, Poller poller, NetworkConfig config) {
        var proxy = config.proxy();
        if (!proxy.enabled()) {
            return new PortHolder.Sockets(linux);
        }
        if (!proxy.ours()) {
            return new ProxyPerPort(linux, poller, proxy.program());
        }
        var socket = config.execRoot().resolve("docker-proxy.sock");
        return new SharedProxy(linux, new ProxyDaemon(linux, poller, proxy.program(), socket, LOG::warn));
    }

    @Override
    public void close() {
        pool.close();
        reaper.close();
        if (watch != null) {
            watch.close();
        }
        publisher.close();
        if (firewall != null) {
            firewall.close();
        }
        poller.close();
        host.close();
    }
}
