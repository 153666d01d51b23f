package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.NetworkListener.Action;
import io.drydock.docker.engine.network.dns.Member;
import io.drydock.docker.engine.network.dns.NameDirectory;
import io.drydock.docker.engine.network.dns.NameServers;
import io.drydock.docker.engine.network.dns.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandboxes of containers. Different containers change side by side; who changes one container's network does so one change
 * after the other, which the engine's lock of each container sees to.
 */
final class Sandboxes {
    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);

    private final NetworkTable table;
    private final NetworkParts parts;
    private final NetworkListener listener;
    private final EndpointPlanner planner;
    private final SandboxMaker maker;
    private final NameDirectory names = new NameDirectory();
    private final NameServers nameServers;
    private final Map<String, Sandbox> byContainer = new ConcurrentHashMap<>();

    Sandboxes(NetworkTable table, NetworkParts parts, NetworkListener listener) {
        this.table = table;
        this.parts = parts;
        this.listener = listener;
        this.planner = new EndpointPlanner(table);
        this.maker = new SandboxMaker(parts, planner);
        this.nameServers = new NameServers(parts.linux(), parts.poller(), parts.namespaces(), names, this::member);
    }

    /** Takes over what an earlier daemon made. */
    void adopt(Collection<Sandbox> living) throws NetworkException {
        for (var sandbox : living) {
            for (var endpoint : sandbox.endpoints()) {
                var entry = table.byId(endpoint.networkId());
                if (entry != null) {
                    entry.enter();
                }
            }
            byContainer.put(sandbox.containerId(), sandbox);
            places(sandbox).forEach(names::add);
            if (sandbox.resolvesNames()) {
                attempt("serve names to", sandbox, () -> nameServers.open(sandbox.containerId(), sandbox.netns()));
            }
        }
    }

    private @Nullable Member member(String containerId) {
        var sandbox = byContainer.get(containerId);
        return sandbox == null ? null : new Member(sandbox.netns(), sandbox.nameServers(), places(sandbox));
    }

    private static List<Place> places(Sandbox sandbox) {
        return sandbox.byGateway().stream().map(Sandboxes::place).toList();
    }

    private static Place place(Endpoint endpoint) {
        return new Place(
                endpoint.id(),
                endpoint.networkId(),
                endpoint.networkName(),
                endpoint.names(),
                endpoint.links(),
                endpoint.ipAddress(),
                endpoint.ipv6Address());
    }

    @Nullable
    Sandbox of(String containerId) {
        return byContainer.get(containerId);
    }

    List<Sandbox> all() {
        return List.copyOf(byContainer.values());
    }

    Sandbox attach(SandboxRequest request) throws NetworkException {
        if (byContainer.containsKey(request.containerId())) {
            detach(request.containerId());
        }
        try {
            var sandbox = make(request);
            publish(sandbox);
            sandbox.endpoints().forEach(endpoint -> tell(Action.CONNECT, endpoint, request.containerId()));
            return sandbox;
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        }
    }

    /** From now on others find the container, and it finds them. */
    private void publish(Sandbox sandbox) throws IOException {
        byContainer.put(sandbox.containerId(), sandbox);
        if (sandbox.resolvesNames()) {
            try {
                nameServers.open(sandbox.containerId(), sandbox.netns());
            } catch (IOException e) {
                detach(sandbox.containerId());
                throw e;
            }
        }
        places(sandbox).forEach(names::add);
    }

    private Sandbox make(SandboxRequest request) throws NetworkException, IOException {
        if (request.endpoints().size() == 1) {
            var entry = table.find(request.endpoints().getFirst().network());
            var driver = entry.network().driver();
            if (driver.equals("host") || driver.equals("null")) {
                entry.enter();
                try {
                    return maker.without(request, entry.network());
                } catch (IOException e) {
                    entry.leave();
                    throw e;
                }
            }
        }
        return maker.make(request);
    }

    /** Connects a running container to one more network. */
    Sandbox connect(String containerId, EndpointRequest request) throws NetworkException {
        var before = required(containerId);
        var network = table.find(request.network()).network();
        if (before.endpoint(network.id()) != null) {
            throw new NetworkException(
                    Kind.FORBIDDEN,
                    "endpoint with name " + before.containerName() + " already exists in network " + network.name());
        }
        var planned = planner.plan(before.containerName(), request, before.nextInterface());
        try (var handles = parts.namespaces().open(before.netns())) {
            var endpoint = maker.join(planned, handles, before.netns());
            try {
                return changed(before, before.with(endpoint), handles, Action.CONNECT, endpoint);
            } catch (IOException | NetworkException e) {
                removeInterface(endpoint, handles);
                throw e;
            }
        } catch (IOException e) {
            planner.giveBack(planned);
            throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        } catch (NetworkException e) {
            planner.giveBack(planned);
            throw e;
        }
    }

    /** Disconnects a running container from a network. */
    Sandbox disconnect(String containerId, Network network) throws NetworkException {
        var before = required(containerId);
        var endpoint = before.endpoint(network.id());
        if (endpoint == null) {
            throw new NetworkException(
                    Kind.FORBIDDEN, "container " + containerId + " is not connected to network " + network.name());
        }
        try (var handles = parts.namespaces().open(before.netns())) {
            names.remove(place(endpoint));
            withdraw(endpoint);
            removeInterface(endpoint, handles);
            release(endpoint);
            // first, so that what is given back is not given back again should the rest fail
            byContainer.put(containerId, before.without(endpoint));
            return changed(before, before.without(endpoint), handles, Action.DISCONNECT, endpoint);
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        }
    }

    /** An interface that is a child of one of the host has no end outside. */
    private void removeInterface(Endpoint endpoint, NamespaceFactory.Handles handles) throws IOException {
        leave(endpoint);
        if (endpoint.hostInterfaceName().isEmpty()) {
            handles.links().deleteLink(endpoint.interfaceName());
        } else {
            parts.host().deleteLink(endpoint.hostInterfaceName());
        }
    }

    /** Tells the plugin of a network that the container is about to leave it. */
    private void leave(Endpoint endpoint) {
        var remote = remote(endpoint);
        if (remote != null) {
            remote.leave(endpoint.id());
        }
    }

    private @Nullable RemoteDriver remote(Endpoint endpoint) {
        var entry = table.byId(endpoint.networkId());
        var live = entry == null ? null : entry.live();
        return live == null ? null : live.remote();
    }

    private Sandbox required(String containerId) throws NetworkException {
        var sandbox = byContainer.get(containerId);
        if (sandbox == null) {
            throw new NetworkException(Kind.SYSTEM, "container " + containerId + " has no network");
        }
        return sandbox;
    }

    private Sandbox changed(
            Sandbox before, Sandbox after, NamespaceFactory.Handles handles, Action action, Endpoint endpoint)
            throws IOException, NetworkException {
        var settled = movePorts(before.gateway(), after);
        DefaultRoutes.move(before, settled, handles.links());
        parts.store().put(settled.containerId(), settled);
        byContainer.put(settled.containerId(), settled);
        if (action == Action.CONNECT) {
            names.add(place(endpoint));
        }
        if (settled.resolvesNames()) {
            nameServers.open(settled.containerId(), settled.netns());
        }
        tell(action, endpoint, settled.containerId());
        return settled;
    }

    /** Published ports go with the gateway, from one endpoint to another. */
    private Sandbox movePorts(@Nullable Endpoint old, Sandbox sandbox) throws IOException, NetworkException {
        var gateway = sandbox.gateway();
        if (gateway == null || old != null && old.id().equals(gateway.id())) {
            return sandbox;
        }
        boolean stays = old != null && sandbox.endpoint(old.networkId()) != null;
        if (old != null && stays) {
            withdraw(old);
        }
        List<PublishedPort> ports;
        try {
            ports = publishAgain(sandbox, old, gateway);
        } catch (NetworkException e) {
            if (old != null && stays) {
                publishAgain(sandbox, old, old);
            }
            throw e;
        }
        var after =
                old != null && stays ? sandbox.replacing(old.id(), endpoint -> endpoint.withPorts(List.of())) : sandbox;
        return after.replacing(gateway.id(), endpoint -> endpoint.withPorts(ports));
    }

    /** The same ports of the host as before, where there were some. */
    private List<PublishedPort> publishAgain(Sandbox sandbox, @Nullable Endpoint old, Endpoint gateway)
            throws NetworkException {
        var entry = table.byId(gateway.networkId());
        if (entry == null) {
            throw NetworkTable.notFound(gateway.networkName());
        }
        var requests = new ArrayList<PortRequest>();
        if (old != null && !old.ports().isEmpty()) {
            for (var port : old.ports()) {
                requests.add(PortRequest.of(port));
            }
        } else {
            for (var wish : sandbox.wishes()) {
                requests.add(PortRequest.parse(wish));
            }
        }
        return maker.publish(sandbox.containerName(), gateway, entry.requireLive(), requests);
    }

    void rename(String containerId, String name) throws NetworkException {
        var sandbox = byContainer.get(containerId);
        if (sandbox != null) {
            var renamed = sandbox.renamed(name);
            try {
                parts.store().put(containerId, renamed);
            } catch (IOException e) {
                throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
            }
            byContainer.put(containerId, renamed);
            places(sandbox).forEach(names::remove);
            places(renamed).forEach(names::add);
        }
    }

    /** Takes a container's network away: ports first, then addresses; the namespace goes in the background. Idempotent. */
    void detach(String containerId) {
        var sandbox = byContainer.remove(containerId);
        if (sandbox == null) {
            return;
        }
        nameServers.close(containerId);
        for (var endpoint : sandbox.endpoints()) {
            names.remove(place(endpoint));
            attempt("withdraw ports of", sandbox, () -> withdraw(endpoint));
            if (!endpoint.hostInterfaceName().isEmpty()) {
                attempt("detach", sandbox, () -> parts.reaper().retire(endpoint.hostInterfaceName()));
            }
            leave(endpoint);
            release(endpoint);
        }
        attempt("forget", sandbox, () -> parts.store().remove(containerId));
        if (!sandbox.hostNetwork()) {
            parts.reaper().remove(sandbox.netns());
        }
        sandbox.endpoints().forEach(endpoint -> tell(Action.DISCONNECT, endpoint, containerId));
    }

    private void release(Endpoint endpoint) {
        var entry = table.byId(endpoint.networkId());
        if (entry == null) {
            return;
        }
        var bridge = entry.live();
        var remote = remote(endpoint);
        if (remote != null) {
            remote.deleteEndpoint(endpoint.id());
        }
        var address = Ipv4Subnet.parseAddress(endpoint.ipAddress());
        if (bridge != null && bridge.ipv4() != null && address != null) {
            bridge.ipv4().addresses().release(address);
        }
        var address6 = Ipv6Subnet.parseAddress(endpoint.ipv6Address());
        if (bridge != null && bridge.ipv6() != null && address6 != null) {
            bridge.ipv6().addresses().release(address6);
        }
        entry.leave();
    }

    private void withdraw(Endpoint endpoint) throws IOException {
        var remote = remote(endpoint);
        if (remote != null) {
            remote.withdraw(endpoint.id());
            return;
        }
        var address = ContainerAddress.of(endpoint);
        if (address != null) {
            parts.publisher().withdraw(address, endpoint.ports());
        }
    }

    private void tell(Action action, Endpoint endpoint, String containerId) {
        var entry = table.byId(endpoint.networkId());
        if (entry != null) {
            listener.onNetwork(action, entry.network(), containerId);
        }
    }

    /** Connects the containers of a network to its bridge, which was made again. */
    void reconnect(LiveNetwork bridge) {
        for (var sandbox : all()) {
            var endpoint = sandbox.endpoint(bridge.network().id());
            if (endpoint != null) {
                attempt(
                        "connect again",
                        sandbox,
                        () -> parts.host()
                                .enslave(endpoint.hostInterfaceName(), bridge.index(), bridge.mtu(), bridge.hairpin()));
            }
        }
    }

    /** A network is gone. */
    void forget(Network network) {
        names.forget(network.id());
    }

    /** Name servers end with the daemon; the next one opens them again. */
    void close() {
        nameServers.close();
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A step of a clean-up: if it fails, the others are still to be done. */
    private static void attempt(String what, Sandbox sandbox, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            LOG.warn("{} container {}: {}", what, sandbox.containerId(), e.getMessage());
        }
    }
}
