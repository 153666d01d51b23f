package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import java.io.IOException;
import java.util.List;

/** One container being attached to one bridge. */
final class BridgeAttachment {
    private final NetworkParts parts;
    private final BridgeNetwork bridge;
    private final SandboxRequest request;
    private final String interfaceName;

    BridgeAttachment(NetworkParts parts, BridgeNetwork bridge, SandboxRequest request, String interfaceName) {
        this.parts = parts;
        this.bridge = bridge;
        this.request = request;
        this.interfaceName = interfaceName;
    }

    /** Attaches it in a namespace of the pool; nothing is left behind if it fails. */
    Sandbox attach() throws IOException, NetworkException {
        var wanted = request.macAddress();
        var wantedMac = wanted == null || wanted.isEmpty() ? null : MacAddress.parse(wanted);
        int address = bridge.addresses().allocate();
        try {
            var mac = wantedMac == null ? HexIds.macOf(address) : wantedMac;
            var endpointId = HexIds.id();
            var ports = publish(address, endpointId);
            try {
                return connect(address, mac, endpointId, ports);
            } catch (IOException e) {
                parts.publisher().withdraw(address, ports);
                throw e;
            }
        } catch (IOException | NetworkException e) {
            bridge.addresses().release(address);
            throw e;
        }
    }

    private List<PublishedPort> publish(int address, String endpointId) throws NetworkException {
        try {
            return parts.publisher().publish(address, request.ports());
        } catch (IOException e) {
            throw new NetworkException(
                    Kind.SYSTEM,
                    "driver failed programming external connectivity on endpoint " + request.containerName() + " ("
                            + endpointId + "): " + e.getMessage(),
                    e);
        }
    }

    private Sandbox connect(int address, byte[] mac, String endpointId, List<PublishedPort> ports) throws IOException {
        var prepared = parts.pool().take();
        try {
            parts.host().enslave(prepared.hostInterface(), bridge.index(), bridge.mtu(), bridge.hairpin());
            var gateway = bridge.gateway();
            prepared.handles()
                    .links()
                    .configure(
                            prepared.link(),
                            mac,
                            bridge.mtu(),
                            Ipv4Subnet.bytes(address),
                            bridge.address().prefix(),
                            gateway == null ? null : Ipv4Subnet.bytes(gateway));
            var endpoint = new Endpoint(
                    endpointId,
                    bridge.network().id(),
                    bridge.network().name(),
                    interfaceName,
                    prepared.hostInterface(),
                    Ipv4Subnet.format(address),
                    bridge.address().prefix(),
                    gateway == null ? "" : Ipv4Subnet.format(gateway),
                    MacAddress.format(mac),
                    ports);
            var sandbox = new Sandbox(
                    prepared.id(),
                    request.containerId(),
                    request.containerName(),
                    prepared.file().toString(),
                    false,
                    List.of(endpoint));
            parts.store().put(request.containerId(), sandbox);
            prepared.handles().close();
            return sandbox;
        } catch (IOException e) {
            parts.pool().discard(prepared);
            throw e;
        }
    }
}
