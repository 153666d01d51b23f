package io.drydock.docker.dockerd;

import io.drydock.docker.api.NetworkBackend;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.spec.engine.ConfigReference;
import io.drydock.spec.engine.EndpointResource;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.Ipam;
import io.drydock.spec.engine.IpamConfig;
import io.drydock.spec.engine.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets the network endpoints reach the engine. */
record NetworkAdapter(NetworkController networks) implements NetworkBackend {
    private static final Set<String> FILTERS = Set.of("dangling", "driver", "id", "label", "name", "scope", "type");

    @Override
    public List<Network> list(Filters filters) {
        filters.allow(FILTERS);
        return networks.networks().stream()
                .filter(network -> filters.exact("driver", network.driver())
                        && filters.exact("scope", "local")
                        && filters.exact("type", network.predefined() ? "builtin" : "custom")
                        && filters.labels("label", network.labels())
                        && (!filters.has("id") || filters.of("id").stream().anyMatch(network.id()::startsWith))
                        && (!filters.has("name") || filters.of("name").stream().anyMatch(network.name()::contains))
                        && (!filters.has("dangling")
                                || filters.bool("dangling", false)
                                        == (!network.predefined()
                                                && networks.sandboxesOf(network.id())
                                                        .isEmpty())))
                .map(network -> view(network, Map.of()))
                .toList();
    }

    @Override
    public Network inspect(String name) {
        try {
            var network = networks.network(name);
            var containers = new LinkedHashMap<String, EndpointResource>();
            for (Sandbox sandbox : networks.sandboxesOf(network.id())) {
                for (var endpoint : sandbox.endpoints()) {
                    if (endpoint.networkId().equals(network.id())) {
                        containers.put(
                                sandbox.containerId(),
                                new EndpointResource(
                                        sandbox.containerName(),
                                        endpoint.id(),
                                        endpoint.macAddress(),
                                        endpoint.ipAddress().isEmpty()
                                                ? ""
                                                : endpoint.ipAddress() + "/" + endpoint.prefixLength(),
                                        ""));
                    }
                }
            }
            return view(network, containers);
        } catch (NetworkException e) {
            throw EngineException.notFound(String.valueOf(e.getMessage()));
        }
    }

    private static Network view(
            io.drydock.docker.engine.network.Network network, Map<String, EndpointResource> containers) {
        var pools = network.subnet().isEmpty()
                ? List.<IpamConfig>of()
                : List.of(new IpamConfig(
                        network.subnet(),
                        network.ipRange().isEmpty() ? null : network.ipRange(),
                        network.gateway().isEmpty() ? null : network.gateway(),
                        null));
        return new Network(
                network.name(),
                network.id(),
                network.created(),
                "local",
                network.driver(),
                true,
                false,
                new Ipam("default", null, pools),
                network.internal(),
                network.attachable(),
                false,
                new ConfigReference(""),
                false,
                containers,
                network.options(),
                network.labels());
    }
}
