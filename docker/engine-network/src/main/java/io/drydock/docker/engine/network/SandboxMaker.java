package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.NetworkTable.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    private final NetworkTable table;
    private final NetworkParts parts;

    SandboxMaker(NetworkTable table, NetworkParts parts) {
        this.table = table;
        this.parts = parts;
    }

    /** An endpoint whose addresses are taken, and which has no interface yet. */
    record Planned(
            LiveNetwork bridge,
            EndpointRequest request,
            Endpoint endpoint,
            int address,
            @Nullable Ipv6Subnet ipv6,
            byte[] mac) {}

    /** A sandbox with its interfaces in bridges; with loopback alone if there are no endpoints. */
    Sandbox make(SandboxRequest request) throws IOException, NetworkException {
        var planned = new ArrayList<Planned>();
        try {
            for (var wanted : request.endpoints()) {
                planned.add(plan(request.containerName(), wanted, planned.size()));
            }
            return connect(request, planned);
        } catch (IOException | NetworkException | RuntimeException e) {
            planned.forEach(this::giveBack);
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

    /** Takes addresses in a network. */
    Planned plan(String container, EndpointRequest request, int number) throws NetworkException {
        var entry = table.find(request.network());
        var bridge = entry.requireLive();
        entry.enter();
        try {
            return plan(container, request, entry, bridge, number);
        } catch (NetworkException e) {
            entry.leave();
            throw e;
        }
    }

    private static Planned plan(String container, EndpointRequest request, Entry entry, LiveNetwork bridge, int number)
            throws NetworkException {
        var network = entry.network();
        var mac = request.macAddress().isEmpty() ? null : MacAddress.parse(request.macAddress());
        int address = address(request, network, bridge.addresses());
        Ipv6Subnet address6;
        try {
            address6 = address6(request, network, bridge.ipv6());
        } catch (NetworkException e) {
            bridge.addresses().release(address);
            throw e;
        }
        var real = mac == null ? HexIds.macOf(address) : mac;
        var name = request.interfaceName().isEmpty() ? bridge.interfacePrefix() + number : request.interfaceName();
        var gateway = bridge.gateway();
        var side = bridge.ipv6();
        var endpoint = new Endpoint(
                HexIds.id(),
                network.id(),
                network.name(),
                name,
                "",
                Ipv4Subnet.format(address),
                bridge.address().prefix(),
                gateway == null ? "" : Ipv4Subnet.format(gateway),
                address6 == null ? "" : address6.address(),
                side == null ? 0 : side.address().prefix(),
                side == null ? "" : side.gateway().address(),
                MacAddress.format(real),
                !network.internal() && !network.isOverlay(),
                request.gatewayPriority(),
                network.userDefined() ? request.names() : List.of(),
                request.links(),
                List.of());
        return new Planned(bridge, request, endpoint, address, address6, real);
    }

    private static int address(EndpointRequest request, Network network, AddressAllocator addresses)
            throws NetworkException {
        if (request.ipv4().isEmpty()) {
            return addresses.allocate();
        }
        var address = Ipv4Subnet.parseAddress(request.ipv4());
        if (address == null) {
            throw new NetworkException(Kind.INVALID, "invalid IPv4 address: " + request.ipv4());
        }
        checkStatic(network);
        addresses.allocate(address);
        return address;
    }

    private static @Nullable Ipv6Subnet address6(EndpointRequest request, Network network, @Nullable Ipv6Side side)
            throws NetworkException {
        if (request.ipv6().isEmpty()) {
            return side == null ? null : side.addresses().allocate();
        }
        var address = Ipv6Subnet.parseAddress(request.ipv6());
        if (address == null) {
            throw new NetworkException(Kind.INVALID, "invalid IPv6 address: " + request.ipv6());
        }
        checkStatic(network);
        if (side == null) {
            throw new NetworkException(
                    Kind.INVALID,
                    "Invalid address " + address.address() + ": It does not belong to any of this network's subnets");
        }
        return side.addresses().allocate(address);
    }

    /** Whether a container may choose its address there: for others the engine could not promise to keep it free. */
    static void checkStatic(Network network) throws NetworkException {
        if (!network.userDefined()) {
            throw new NetworkException(
                    Kind.INVALID, "user specified IP address is supported on user defined networks only");
        }
        if (network.pools().stream().allMatch(pool -> pool.asked().isEmpty())) {
            throw new NetworkException(
                    Kind.INVALID,
                    "user specified IP address is supported only when connecting to networks with user configured"
                            + " subnets");
        }
    }

    /** Undoes {@link #plan}. */
    void giveBack(Planned planned) {
        planned.bridge().addresses().release(planned.address());
        var side = planned.bridge().ipv6();
        if (side != null && planned.ipv6() != null) {
            side.addresses().release(planned.ipv6());
        }
        var entry = table.byId(planned.endpoint().networkId());
        if (entry != null) {
            entry.leave();
        }
    }

    private Sandbox connect(SandboxRequest request, List<Planned> planned) throws IOException, NetworkException {
        var gateway = gateway(planned);
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

    private static @Nullable Planned gateway(List<Planned> planned) {
        return planned.stream()
                .filter(p -> p.endpoint().external() && p.bridge().gateway() != null)
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
        var made = new ArrayList<String>();
        try {
            var endpoints = new ArrayList<Endpoint>();
            for (var one : planned) {
                boolean ready = endpoints.isEmpty() && one.bridge().isBridge();
                var outside = ready ? prepared.hostInterface() : interfaceOf(one, prepared.handles());
                if (!outside.isEmpty()) {
                    made.add(outside);
                }
                int link = ready ? prepared.link() : link(one.endpoint(), prepared.handles());
                var endpoint = join(one, prepared.handles(), prepared.file(), outside, link, one == gateway);
                endpoints.add(one == gateway ? endpoint.withPorts(ports) : endpoint);
            }
            applySysctls(planned, prepared.file());
            var sandbox = stored(request, prepared.id(), prepared.file().toString(), false, endpoints);
            prepared.handles().close();
            return sandbox;
        } catch (IOException e) {
            for (var outside : made) {
                parts.host().deleteLink(outside);
            }
            parts.pool().discard(prepared);
            throw e;
        }
    }

    /** Gives an endpoint of a sandbox that exists its interface, without the default route. */
    Endpoint join(Planned planned, NamespaceFactory.Handles handles, Path namespace) throws IOException {
        var outside = interfaceOf(planned, handles);
        try {
            var endpoint = join(planned, handles, namespace, outside, link(planned.endpoint(), handles), false);
            applySysctls(List.of(planned), namespace);
            return endpoint;
        } catch (IOException e) {
            if (outside.isEmpty()) {
                handles.links().deleteLink(planned.endpoint().interfaceName());
            } else {
                parts.host().deleteLink(outside);
            }
            throw e;
        }
    }

    /** Makes the interface; the name of its end outside, empty if it has none. */
    private String interfaceOf(Planned planned, NamespaceFactory.Handles handles) throws IOException {
        var endpoint = planned.endpoint();
        var child = planned.bridge().child();
        if (child != null) {
            child.create(
                    parts.host(), endpoint.interfaceName(), handles.namespace().number());
            return "";
        }
        var outside = HexIds.interfaceName();
        parts.host()
                .createVeth(
                        outside, endpoint.interfaceName(), handles.namespace().number());
        return outside;
    }

    private static int link(Endpoint endpoint, NamespaceFactory.Handles handles) throws IOException {
        var link = handles.links().link(endpoint.interfaceName());
        if (link == null) {
            throw new IOException("interface " + endpoint.interfaceName() + " is gone");
        }
        return link.index();
    }

    private Endpoint join(
            Planned planned,
            NamespaceFactory.Handles handles,
            Path namespace,
            String outside,
            int link,
            boolean defaultRoute)
            throws IOException {
        var bridge = planned.bridge();
        var gateway = bridge.gateway();
        var endpoint = planned.endpoint();
        if (bridge.isBridge()) {
            parts.host().enslave(outside, bridge.index(), bridge.mtu(), bridge.hairpin());
        }
        boolean ownMac = bridge.child() == null || bridge.child().kind().equals("macvlan");
        handles.links()
                .configure(
                        link,
                        endpoint.interfaceName().equals("eth0") ? null : endpoint.interfaceName(),
                        ownMac ? planned.mac() : null,
                        bridge.mtu(),
                        Ipv4Subnet.bytes(planned.address()),
                        bridge.address().prefix(),
                        gateway == null || !defaultRoute ? null : Ipv4Subnet.bytes(gateway));
        var side = bridge.ipv6();
        if (side != null && planned.ipv6() != null) {
            parts.namespaces().inside(namespace, () -> {
                Sysctl.set("ipv6/conf/lo/disable_ipv6", "0");
                Sysctl.set("ipv6/conf/" + endpoint.interfaceName() + "/accept_ra", "0");
                return Sysctl.set("ipv6/conf/" + endpoint.interfaceName() + "/disable_ipv6", "0");
            });
            handles.links()
                    .addAddress6(link, planned.ipv6().bytes(), side.address().prefix());
            if (defaultRoute) {
                handles.links().replaceDefaultRoute6(link, side.gateway().bytes());
            }
        }
        return endpoint.withHostInterface(outside);
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
