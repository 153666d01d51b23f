package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.NetworkTable.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes addresses for endpoints, and gives them back. */
final class EndpointPlanner {
    private final NetworkTable table;

    EndpointPlanner(NetworkTable table) {
        this.table = table;
    }

    /** An endpoint whose addresses are taken, and which has no interface yet. */
    record Planned(
            LiveNetwork bridge,
            EndpointRequest request,
            Endpoint endpoint,
            @Nullable Integer address,
            @Nullable Ipv6Subnet ipv6,
            byte @Nullable [] mac) {}

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
        var side4 = bridge.ipv4();
        var address = address(request, network, side4);
        Ipv6Subnet address6;
        try {
            address6 = address6(request, network, bridge.ipv6());
        } catch (NetworkException e) {
            if (side4 != null && address != null) {
                side4.addresses().release(address);
            }
            throw e;
        }
        var remote = bridge.remote();
        var real = mac != null || remote != null ? mac : address == null ? HexIds.randomMac() : HexIds.macOf(address);
        var name = request.interfaceName().isEmpty() ? bridge.interfacePrefix() + number : request.interfaceName();
        var gateway = side4 == null ? null : side4.gateway();
        var side = bridge.ipv6();
        var endpoint = new Endpoint(
                HexIds.id(),
                network.id(),
                network.name(),
                name,
                "",
                address == null ? "" : Ipv4Subnet.format(address),
                side4 == null ? 0 : side4.address().prefix(),
                gateway == null ? "" : Ipv4Subnet.format(gateway),
                address6 == null ? "" : address6.address(),
                side == null ? 0 : side.address().prefix(),
                side == null || network.isOverlay() ? "" : side.gateway().address(),
                real == null ? "" : MacAddress.format(real),
                network.leadsOut(),
                request.gatewayPriority(),
                network.userDefined() ? request.names() : List.of(),
                request.links(),
                List.of());
        var planned = new Planned(bridge, request, endpoint, address, address6, real);
        return remote == null ? planned : announced(planned, remote);
    }

    private static Planned announced(Planned planned, RemoteDriver remote) throws NetworkException {
        String mac;
        try {
            mac = remote.createEndpoint(planned.endpoint(), planned.request().macAddress());
        } catch (NetworkException e) {
            releaseAddresses(planned);
            throw e;
        }
        try {
            return mac.isEmpty()
                    ? planned
                    : new Planned(
                            planned.bridge(),
                            planned.request(),
                            planned.endpoint(),
                            planned.address(),
                            planned.ipv6(),
                            MacAddress.parse(mac));
        } catch (NetworkException e) {
            remote.deleteEndpoint(planned.endpoint().id());
            releaseAddresses(planned);
            throw e;
        }
    }

    private static @Nullable Integer address(EndpointRequest request, Network network, @Nullable Ipv4Side side)
            throws NetworkException {
        if (request.ipv4().isEmpty()) {
            return side == null ? null : side.addresses().allocate();
        }
        var address = Ipv4Subnet.parseAddress(request.ipv4());
        if (address == null) {
            throw new NetworkException(Kind.INVALID, "invalid IPv4 address: " + request.ipv4());
        }
        checkStatic(network);
        if (side == null) {
            throw strange(request.ipv4());
        }
        side.addresses().allocate(address);
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
            throw strange(address.address());
        }
        return side.addresses().allocate(address);
    }

    private static NetworkException strange(String address) {
        return new NetworkException(
                Kind.INVALID, "Invalid address " + address + ": It does not belong to any of this network's subnets");
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
        var remote = planned.bridge().remote();
        if (remote != null) {
            remote.deleteEndpoint(planned.endpoint().id());
        }
        releaseAddresses(planned);
        var entry = table.byId(planned.endpoint().networkId());
        if (entry != null) {
            entry.leave();
        }
    }

    private static void releaseAddresses(Planned planned) {
        var side4 = planned.bridge().ipv4();
        if (side4 != null && planned.address() != null) {
            side4.addresses().release(planned.address());
        }
        var side = planned.bridge().ipv6();
        if (side != null && planned.ipv6() != null) {
            side.addresses().release(planned.ipv6());
        }
    }
}
