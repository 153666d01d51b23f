package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.EndpointPlanner.Planned;
import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.Errno;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes sandboxes:
 *
 * <pre>
 *   addresses of all networks  →  ports at the endpoint with the gateway  →  namespace and interfaces  →  record
 * </pre>
 *
 * What fails undoes what was before it.
 */
final class SandboxMaker {
    /** What the kernel allows. */
    private static final int BRIDGE_PORTS = 1023;

    private final NetworkParts parts;
    private final EndpointPlanner planner;

    SandboxMaker(NetworkParts parts, EndpointPlanner planner) {
        this.parts = parts;
        this.planner = planner;
    }

    /**
     * An interface in the sandbox.
     *
     * @param outside the name of its end outside; empty if it has none
     * @param joined what the plugin said that made it; null if none did
     */
    private record Made(String outside, RemoteDriver.@Nullable Joined joined) {}

    /** Which default routes lead by an interface. */
    private record Routes(boolean ipv4, boolean ipv6) {
        static final Routes NONE = new Routes(false, false);
    }

    /** A sandbox with its interfaces in bridges; with loopback alone if there are no endpoints. */
    Sandbox make(SandboxRequest request) throws IOException, NetworkException {
        var planned = new ArrayList<Planned>();
        try {
            for (var wanted : request.endpoints()) {
                planned.add(planner.plan(request.containerName(), wanted, planned.size()));
            }
            return connect(request, planned);
        } catch (IOException | NetworkException | RuntimeException e) {
            planned.forEach(planner::giveBack);
            throw e;
        }
    }

    /** A sandbox in a network without interfaces, the host's or none. */
    Sandbox without(SandboxRequest request, Network network) throws IOException {
        boolean host = network.driver().equals("host");
        var id = HexIds.id();
        var file = parts.directory().resolve(host ? "default" : id.substring(0, 12));
        if (!host) {
            parts.namespaces().create(file).close();
        }
        return stored(request, id, file.toString(), host, List.of(Endpoint.without(network)));
    }

    private Sandbox stored(
            SandboxRequest request, String id, String file, boolean hostNetwork, List<Endpoint> endpoints)
            throws IOException {
        var wishes = request.ports().stream().map(PortRequest::text).toList();
        var sandbox = new Sandbox(
                id,
                request.containerId(),
                request.containerName(),
                file,
                hostNetwork,
                wishes,
                request.nameServers(),
                endpoints);
        parts.store().put(request.containerId(), sandbox);
        return sandbox;
    }

    private Sandbox connect(SandboxRequest request, List<Planned> planned) throws IOException, NetworkException {
        var gateway = first(planned, Endpoint::leadsOut);
        if (gateway == null
                && !request.ports().isEmpty()
                && planned.stream().anyMatch(p -> p.bridge().network().isOverlay())) {
            throw new NetworkException(
                    Kind.INVALID,
                    "ports are not published in overlay networks: container " + request.containerName()
                            + " is to be connected to a bridge network, too");
        }
        List<PublishedPort> ports = gateway == null
                ? List.of()
                : publish(request.containerName(), gateway.endpoint(), gateway.bridge(), request.ports());
        try {
            return planned.isEmpty() ? isolated(request) : connect(request, planned, gateway, ports);
        } catch (IOException | RuntimeException e) {
            var address = gateway == null ? null : ContainerAddress.of(gateway.endpoint());
            if (address != null) {
                parts.publisher().withdraw(address, ports);
            }
            throw e;
        }
    }

    private Sandbox isolated(SandboxRequest request) throws IOException {
        var id = HexIds.id();
        var file = parts.directory().resolve(id.substring(0, 12));
        parts.namespaces().create(file).close();
        return stored(request, id, file.toString(), false, List.of());
    }

    private static @Nullable Planned first(List<Planned> planned, Predicate<Endpoint> kind) {
        return planned.stream()
                .filter(p -> kind.test(p.endpoint()))
                .min(Comparator.comparing(Planned::endpoint, Sandbox.GATEWAY))
                .orElse(null);
    }

    /** Publishes the container's ports at that endpoint. */
    List<PublishedPort> publish(String container, Endpoint endpoint, LiveNetwork bridge, List<PortRequest> requests)
            throws NetworkException {
        var address = ContainerAddress.of(endpoint);
        // a child of the host's interface is reached at its own address
        if (address == null || requests.isEmpty() || !bridge.isBridge()) {
            return List.of();
        }
        var binding = bridge.network().options().getOrDefault(NetworkOptions.HOST_BINDING, "0.0.0.0");
        var wanted = binding.equals("0.0.0.0")
                ? requests
                : requests.stream()
                        .map(request -> request.orAt(InetAddress.ofLiteral(binding)))
                        .toList();
        try {
            return parts.publisher().publish(address, wanted);
        } catch (IOException e) {
            throw new NetworkException(
                    Kind.SYSTEM,
                    "driver failed programming external connectivity on endpoint " + container + " (" + endpoint.id()
                            + "): " + e.getMessage(),
                    e);
        }
    }

    private Sandbox connect(
            SandboxRequest request, List<Planned> planned, @Nullable Planned gateway, List<PublishedPort> ports)
            throws IOException {
        var prepared = planned.getFirst().bridge().isBridge()
                ? parts.pool().take()
                : parts.pool().bare();
        var route = first(planned, endpoint -> endpoint.leadsOut(false));
        var route6 = first(planned, endpoint -> endpoint.leadsOut(true));
        var made = new ArrayList<String>();
        try {
            var endpoints = new ArrayList<Endpoint>();
            for (var one : planned) {
                boolean ready = endpoints.isEmpty() && one.bridge().isBridge();
                var interfaceMade = ready
                        ? new Made(prepared.hostInterface(), null)
                        : interfaceOf(one, prepared.handles(), prepared.file());
                if (!interfaceMade.outside().isEmpty()) {
                    made.add(interfaceMade.outside());
                }
                var named = named(one, interfaceMade);
                int link = ready ? prepared.link() : link(named.endpoint(), prepared.handles());
                var routes = new Routes(one == route, one == route6);
                var endpoint = join(named, prepared.handles(), prepared.file(), interfaceMade, link, routes);
                endpoints.add(one == gateway ? endpoint.withPorts(ports) : endpoint);
            }
            applySysctls(planned, prepared.file());
            publishRemotely(gateway, request.ports());
            var sandbox = stored(request, prepared.id(), prepared.file().toString(), false, endpoints);
            prepared.handles().close();
            return sandbox;
        } catch (IOException e) {
            for (var outside : made) {
                parts.host().deleteLink(outside);
            }
            planned.forEach(SandboxMaker::leave);
            parts.pool().discard(prepared);
            throw e;
        }
    }

    private static void leave(Planned planned) {
        var remote = planned.bridge().remote();
        if (remote != null) {
            remote.leave(planned.endpoint().id());
        }
    }

    /** A network's plugin publishes the ports itself, or does not. */
    private static void publishRemotely(@Nullable Planned gateway, List<PortRequest> ports) throws IOException {
        var remote = gateway == null ? null : gateway.bridge().remote();
        if (gateway == null || remote == null || ports.isEmpty()) {
            return;
        }
        try {
            remote.publish(gateway.endpoint().id(), ports);
        } catch (NetworkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Gives an endpoint of a sandbox that exists its interface, without the default route. */
    Endpoint join(Planned planned, NamespaceFactory.Handles handles, Path namespace) throws IOException {
        var made = interfaceOf(planned, handles, namespace);
        var outside = made.outside();
        try {
            var named = named(planned, made);
            var endpoint = join(named, handles, namespace, made, link(named.endpoint(), handles), Routes.NONE);
            applySysctls(List.of(planned), namespace);
            return endpoint;
        } catch (IOException e) {
            leave(planned);
            if (outside.isEmpty()) {
                handles.links().deleteLink(planned.endpoint().interfaceName());
            } else {
                parts.host().deleteLink(outside);
            }
            throw e;
        }
    }

    /** Makes the interface. */
    private Made interfaceOf(Planned planned, NamespaceFactory.Handles handles, Path namespace) throws IOException {
        var endpoint = planned.endpoint();
        var remote = planned.bridge().remote();
        if (remote != null) {
            try {
                var joined = remote.join(endpoint.id(), namespace);
                var made = new Made("", joined);
                parts.host()
                        .move(
                                joined.source(),
                                handles.namespace().number(),
                                named(planned, made).endpoint().interfaceName());
                return made;
            } catch (NetworkException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        var child = planned.bridge().child();
        if (child != null) {
            child.create(
                    parts.host(), endpoint.interfaceName(), handles.namespace().number());
            return new Made("", null);
        }
        var outside = HexIds.interfaceName();
        parts.host()
                .createVeth(
                        outside, endpoint.interfaceName(), handles.namespace().number());
        return new Made(outside, null);
    }

    /** With the interface's name that the plugin wants, and the gateway that it says. */
    private static Planned named(Planned planned, Made made) {
        var joined = made.joined();
        if (joined == null) {
            return planned;
        }
        var endpoint = planned.endpoint();
        var name = endpoint.interfaceName();
        var prefix = planned.bridge().interfacePrefix();
        if (planned.request().interfaceName().isEmpty() && !joined.prefix().isEmpty()) {
            name = joined.prefix() + name.substring(prefix.length());
        }
        var mac = planned.mac();
        return new Planned(
                planned.bridge(),
                planned.request(),
                endpoint.as(name, mac == null ? "" : MacAddress.format(mac), joined.gateway()),
                planned.address(),
                planned.ipv6(),
                mac);
    }

    private static int link(Endpoint endpoint, NamespaceFactory.Handles handles) throws IOException {
        var link = handles.links().link(endpoint.interfaceName());
        if (link == null) {
            throw new IOException("interface " + endpoint.interfaceName() + " is gone");
        }
        return link.index();
    }

    private Endpoint join(
            Planned planned, NamespaceFactory.Handles handles, Path namespace, Made made, int link, Routes routes)
            throws IOException {
        var bridge = planned.bridge();
        var outside = made.outside();
        var endpoint = planned.endpoint();
        var gateway = Ipv4Subnet.parseAddress(endpoint.gateway());
        if (bridge.isBridge()) {
            enslave(bridge, outside);
        }
        boolean ownMac = bridge.child() == null || bridge.child().kind().equals("macvlan");
        handles.links()
                .configure(
                        link,
                        endpoint.interfaceName().equals("eth0") ? null : endpoint.interfaceName(),
                        ownMac ? planned.mac() : null,
                        bridge.mtu(),
                        planned.address() == null ? null : Ipv4Subnet.bytes(planned.address()),
                        endpoint.prefixLength(),
                        gateway == null || !routes.ipv4() ? null : Ipv4Subnet.bytes(gateway));
        var side = bridge.ipv6();
        if (side != null && planned.ipv6() != null) {
            parts.namespaces().inside(namespace, () -> {
                Sysctl.set("ipv6/conf/lo/disable_ipv6", "0");
                Sysctl.set("ipv6/conf/" + endpoint.interfaceName() + "/accept_ra", "0");
                return Sysctl.set("ipv6/conf/" + endpoint.interfaceName() + "/disable_ipv6", "0");
            });
            handles.links()
                    .addAddress6(link, planned.ipv6().bytes(), side.address().prefix());
            if (routes.ipv6()) {
                handles.links().replaceDefaultRoute6(link, side.gateway().bytes());
            }
        }
        return made.joined() == null
                ? endpoint.withHostInterface(outside)
                : routed(endpoint, made.joined(), handles.links(), link);
    }

    private void enslave(LiveNetwork bridge, String outside) throws IOException {
        try {
            parts.host().enslave(outside, bridge.index(), bridge.mtu(), bridge.hairpin());
        } catch (LinuxException e) {
            if (e.errno() == Errno.EXFULL) {
                throw new IOException(
                        "network " + bridge.network().name() + " is full: a bridge has " + BRIDGE_PORTS
                                + " ports at most; connect the container to another network",
                        e);
            }
            throw e;
        }
    }

    /** Routes that a plugin wants, and the MAC address that its interface has. */
    private static Endpoint routed(Endpoint endpoint, RemoteDriver.Joined joined, RouteNetlink links, int link)
            throws IOException {
        for (var route : joined.routes()) {
            var destination = Ipv4Subnet.parse(route.destination());
            var next = Ipv4Subnet.parseAddress(route.nextHop());
            if (destination == null || next == null && !route.nextHop().isEmpty()) {
                throw new IOException(
                        "route to " + route.destination() + " by " + route.nextHop() + " is not supported");
            }
            links.addRoute(
                    link,
                    Ipv4Subnet.bytes(destination.network().address()),
                    destination.prefix(),
                    next == null ? null : Ipv4Subnet.bytes(next));
        }
        var known = links.link(endpoint.interfaceName());
        var mac = known == null ? endpoint.macAddress() : MacAddress.format(known.macAddress());
        return endpoint.as(endpoint.interfaceName(), mac, endpoint.gateway());
    }

    private void applySysctls(List<Planned> planned, Path namespace) throws IOException {
        for (var one : planned) {
            if (!one.request().sysctls().isEmpty()) {
                parts.namespaces().inside(namespace, () -> {
                    for (var setting : one.request().sysctls().entrySet()) {
                        var name = setting.getKey()
                                .replace("IFNAME", one.endpoint().interfaceName());
                        Sysctl.set(name.replaceFirst("^net\\.", "").replace('.', '/'), setting.getValue());
                    }
                    return true;
                });
            }
        }
    }
}
