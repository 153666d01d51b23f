package io.drydock.docker.dockerd;

import io.drydock.docker.api.NetworkBackend;
import io.drydock.docker.engine.container.NetworkFailure;
import io.drydock.docker.engine.container.NetworkMembers;
import io.drydock.docker.engine.network.Network.AddressPool;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.docker.engine.network.NetworkRequest;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.spec.engine.ConfigReference;
import io.drydock.spec.engine.EndpointResource;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.Ipam;
import io.drydock.spec.engine.IpamConfig;
import io.drydock.spec.engine.Network;
import io.drydock.spec.engine.NetworkConnectRequest;
import io.drydock.spec.engine.NetworkCreateRequest;
import io.drydock.spec.engine.NetworkCreateResponse;
import io.drydock.spec.engine.NetworkDisconnectRequest;
import io.drydock.spec.engine.PruneNetworksResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets the network endpoints reach the engine. */
record NetworkAdapter(NetworkController networks, NetworkMembers members, EventSink events) implements NetworkBackend {
    private static final Set<String> FILTERS = Set.of("dangling", "driver", "id", "label", "name", "scope", "type");
    private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");

    @Override
    public List<Network> list(Filters filters) {
        filters.allow(FILTERS);
        for (String type : filters.of("type")) {
            if (!type.equals("builtin") && !type.equals("custom")) {
                throw EngineException.invalid("invalid filter: 'type'='" + type + "'");
            }
        }
        return networks.networks().stream()
                .filter(network -> matches(filters, network))
                .map(network -> view(network, Map.of()))
                .toList();
    }

    private boolean matches(Filters filters, io.drydock.docker.engine.network.Network network) {
        return filters.exact("driver", network.driver())
                && filters.exact("scope", "local")
                && filters.exact("type", network.predefined() ? "builtin" : "custom")
                && filters.labels("label", network.labels())
                && (!filters.has("id") || filters.of("id").stream().anyMatch(network.id()::contains))
                && (!filters.has("name") || filters.of("name").stream().anyMatch(network.name()::contains))
                && (!filters.has("dangling")
                        || filters.bool("dangling", false)
                                == (!network.predefined()
                                        && networks.sandboxesOf(network.id()).isEmpty()));
    }

    @Override
    public Network inspect(String name) {
        try {
            var network = networks.network(name);
            var containers = new LinkedHashMap<String, EndpointResource>();
            for (Sandbox sandbox : networks.sandboxesOf(network.id())) {
                var endpoint = sandbox.endpoint(network.id());
                if (endpoint != null) {
                    containers.put(
                            sandbox.containerId(),
                            new EndpointResource(
                                    sandbox.containerName(),
                                    endpoint.id(),
                                    endpoint.macAddress(),
                                    address(endpoint.ipAddress(), endpoint.prefixLength()),
                                    address(endpoint.ipv6Address(), endpoint.ipv6PrefixLength())));
                }
            }
            return view(network, containers);
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
    }

    private static String address(String address, int prefix) {
        return address.isEmpty() ? "" : address + "/" + prefix;
    }

    @Override
    public NetworkCreateResponse create(NetworkCreateRequest request) {
        if (request.configOnly()
                || request.configFrom() != null
                        && !request.configFrom().network().isEmpty()) {
            throw EngineException.notImplemented("config-only networks are not built into this engine yet");
        }
        if (request.ingress()) {
            throw new EngineException(
                    EngineException.Kind.FORBIDDEN, "Ingress network can only be global scope network");
        }
        if (request.scope().equals("swarm")) {
            throw new EngineException(
                    EngineException.Kind.FORBIDDEN, "cannot create a swarm scoped network when swarm is not active");
        }
        try {
            return new NetworkCreateResponse(networks.create(wish(request)).id(), "");
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
    }

    private static NetworkRequest wish(NetworkCreateRequest request) {
        var ipam = request.ipam();
        var pools = new ArrayList<NetworkRequest.Pool>();
        for (IpamConfig pool : ipam == null ? List.<IpamConfig>of() : ipam.config()) {
            pools.add(new NetworkRequest.Pool(
                    pool.subnet(),
                    pool.ipRange() == null ? "" : pool.ipRange(),
                    pool.gateway() == null ? "" : pool.gateway(),
                    pool.auxiliaryAddresses() == null ? Map.of() : pool.auxiliaryAddresses()));
        }
        return new NetworkRequest(
                request.name(),
                request.driver(),
                ipam == null ? "" : ipam.driver(),
                ipam == null || ipam.options() == null ? Map.of() : ipam.options(),
                pools,
                !Boolean.FALSE.equals(request.enableIpv4()),
                Boolean.TRUE.equals(request.enableIpv6()),
                request.internal(),
                request.attachable(),
                request.options(),
                request.labels());
    }

    @Override
    public void remove(String network) {
        try {
            networks.remove(network);
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
    }

    @Override
    public void connect(String network, NetworkConnectRequest request) {
        members.connect(network, request.container(), request.endpointConfig());
    }

    @Override
    public void disconnect(String network, NetworkDisconnectRequest request) {
        members.disconnect(network, request.container(), request.force());
    }

    @Override
    public PruneNetworksResponse prune(Filters filters) {
        filters.allow(PRUNE_FILTERS);
        var until = filters.time("until");
        var removed = new ArrayList<String>();
        for (var network : networks.networks()) {
            boolean chosen = !network.predefined()
                    && filters.labels("label", network.labels())
                    && filters.withoutLabels(network.labels())
                    && (until == null || Instant.parse(network.created()).isBefore(until));
            if (chosen) {
                try {
                    networks.remove(network.id());
                    removed.add(network.name());
                } catch (NetworkException e) {
                    if (e.kind() == NetworkException.Kind.SYSTEM) {
                        throw NetworkFailure.of(e);
                    }
                    // in use, or somebody has removed it meanwhile
                }
            }
        }
        events.publish("network", "prune", "", Map.of("reclaimed", "0"));
        return new PruneNetworksResponse(removed);
    }

    private static Network view(
            io.drydock.docker.engine.network.Network network, Map<String, EndpointResource> containers) {
        var pools = network.pools().stream().map(NetworkAdapter::view).toList();
        return new Network(
                network.name(),
                network.id(),
                network.created(),
                "local",
                network.driver(),
                network.pools().isEmpty() || network.ipv4Pool() != null,
                network.ipv6(),
                new Ipam(network.ipamDriver(), network.predefined() ? null : network.ipamOptions(), pools),
                network.internal(),
                network.attachable(),
                false,
                new ConfigReference(""),
                false,
                containers,
                network.options(),
                network.labels());
    }

    /** As the user wrote it; what the engine chose, with its gateway. */
    private static IpamConfig view(AddressPool pool) {
        boolean asked = !pool.asked().isEmpty();
        return new IpamConfig(
                asked ? pool.asked() : pool.subnet(),
                pool.ipRange().isEmpty() ? null : pool.ipRange(),
                pool.gateway().isEmpty() || asked && !pool.gatewayAsked() ? null : pool.gateway(),
                pool.auxiliary().isEmpty() ? null : pool.auxiliary());
    }
}
