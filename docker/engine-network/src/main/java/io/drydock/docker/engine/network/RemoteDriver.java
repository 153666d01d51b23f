package io.drydock.docker.engine.network;

import static io.drydock.docker.engine.network.PluginCalls.members;
import static io.drydock.docker.engine.network.PluginCalls.text;

import io.drydock.docker.engine.network.Network.AddressPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A network whose interfaces a plugin makes ({@code NetworkDriver.…}). */
final class RemoteDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDriver.class);
    private static final int STATIC_ROUTE_TO_INTERFACE = 1;

    private final PluginCalls plugin;
    private final String network;

    RemoteDriver(PluginCalls plugin, String network) {
        this.plugin = plugin;
        this.network = network;
    }

    /**
     * An interface that the plugin made in the host's namespace for a container.
     *
     * @param source its name
     * @param prefix the start of its name in the container
     * @param gateway the default gateway; empty for none
     * @param gateway6 the same for IPv6
     * @param routes what is reached through it besides
     */
    record Joined(String source, String prefix, String gateway, String gateway6, List<Route> routes) {}

    /**
     * A route of a container.
     *
     * @param destination a subnet
     * @param nextHop the gateway; empty if the destination is at the interface itself
     */
    record Route(String destination, String nextHop) {}

    void create(Network network) throws NetworkException {
        plugin.call(
                "CreateNetwork",
                Map.of(
                        "NetworkID",
                        this.network,
                        "Options",
                        Map.of(
                                "com.docker.network.enable_ipv6",
                                network.ipv6(),
                                "com.docker.network.internal",
                                network.internal(),
                                "com.docker.network.generic",
                                network.options()),
                        "IPv4Data",
                        data(network.ipv4Pool()),
                        "IPv6Data",
                        data(network.ipv6Pool())));
    }

    private static List<Map<String, Object>> data(@Nullable AddressPool pool) {
        if (pool == null) {
            return List.of();
        }
        var length = pool.subnet().substring(pool.subnet().indexOf('/'));
        return List.of(Map.of(
                "AddressSpace",
                "LocalDefault",
                "Pool",
                pool.subnet(),
                "Gateway",
                pool.gateway().isEmpty() ? "" : pool.gateway() + length,
                "AuxAddresses",
                pool.auxiliary()));
    }

    void delete() {
        attempt("DeleteNetwork", Map.of("NetworkID", network));
    }

    /**
     * Announces an endpoint.
     *
     * @param mac as text; empty for the plugin's choice
     * @return the plugin's choice of the MAC address; empty if it is the given one, or the interface's own
     */
    String createEndpoint(Endpoint endpoint, String mac) throws NetworkException {
        var answer = plugin.call(
                "CreateEndpoint",
                Map.of(
                        "NetworkID",
                        network,
                        "EndpointID",
                        endpoint.id(),
                        "Options",
                        Map.of(),
                        "Interface",
                        Map.of(
                                "Address",
                                endpoint.ipAddress() + "/" + endpoint.prefixLength(),
                                "AddressIPv6",
                                endpoint.ipv6Address().isEmpty()
                                        ? ""
                                        : endpoint.ipv6Address() + "/" + endpoint.ipv6PrefixLength(),
                                "MacAddress",
                                mac)));
        return text(members(answer.get("Interface")).get("MacAddress"));
    }

    void deleteEndpoint(String endpoint) {
        attempt("DeleteEndpoint", of(endpoint));
    }

    /** Has the plugin make the interface. */
    Joined join(String endpoint, Path sandbox) throws NetworkException {
        var answer = plugin.call(
                "Join",
                Map.of(
                        "NetworkID",
                        network,
                        "EndpointID",
                        endpoint,
                        "SandboxKey",
                        sandbox.toString(),
                        "Options",
                        Map.of()));
        var name = members(answer.get("InterfaceName"));
        var routes = new ArrayList<Route>();
        if (answer.get("StaticRoutes") instanceof List<?> list) {
            for (var one : list) {
                var route = members(one);
                boolean atInterface =
                        route.get("RouteType") instanceof Number type && type.intValue() == STATIC_ROUTE_TO_INTERFACE;
                routes.add(new Route(text(route.get("Destination")), atInterface ? "" : text(route.get("NextHop"))));
            }
        }
        return new Joined(
                text(name.get("SrcName")),
                text(name.get("DstPrefix")),
                text(answer.get("Gateway")),
                text(answer.get("GatewayIPv6")),
                List.copyOf(routes));
    }

    void leave(String endpoint) {
        attempt("Leave", of(endpoint));
    }

    /** Has the plugin publish ports, if it can. */
    void publish(String endpoint, List<PortRequest> ports) throws NetworkException {
        var mappings = ports.stream()
                .flatMap(range -> range.each().stream())
                .map(port -> Map.of(
                        "Proto",
                        port.protocol().number(),
                        "IP",
                        "",
                        "Port",
                        port.containerPort(),
                        "HostIP",
                        port.hostAddress() == null ? "" : port.hostAddress().getHostAddress(),
                        "HostPort",
                        port.firstHostPort(),
                        "HostPortEnd",
                        port.lastHostPort()))
                .toList();
        plugin.tell(
                "ProgramExternalConnectivity",
                Map.of(
                        "NetworkID",
                        network,
                        "EndpointID",
                        endpoint,
                        "Options",
                        Map.of("com.docker.network.portmap", mappings)));
    }

    /** Undoes {@link #publish}; nothing happens if it was not done. */
    void withdraw(String endpoint) {
        try {
            plugin.tell("RevokeExternalConnectivity", of(endpoint));
        } catch (NetworkException e) {
            LOG.warn("network plugin {}: {}", plugin.name(), e.getMessage());
        }
    }

    private Map<String, String> of(String endpoint) {
        return Map.of("NetworkID", network, "EndpointID", endpoint);
    }

    /** A step of a clean-up: if it fails, the others are still to be done. */
    private void attempt(String method, Map<String, ?> arguments) {
        try {
            plugin.call(method, arguments);
        } catch (NetworkException e) {
            LOG.warn("network plugin {}: {}", plugin.name(), e.getMessage());
        }
    }
}
