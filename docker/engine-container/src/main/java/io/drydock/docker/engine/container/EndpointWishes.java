package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.network.EndpointRequest;
import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.spec.engine.EndpointSettings;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From what clients say about a container's networks to what is asked of the network engine. */
final class EndpointWishes {
    private static final String INTERFACE_NAME = "com.docker.network.endpoint.ifname";
    private static final String SYSCTLS = "com.docker.network.endpoint.sysctls";
    private static final Set<String> OPTIONS = Set.of(INTERFACE_NAME, SYSCTLS);
    private static final EndpointSettings NONE =
            new EndpointSettings(null, List.of(), "", List.of(), Map.of(), 0, "", "", "", "", 0, "", "", 0, List.of());

    private final NetworkController networks;
    private final ContainerTable table;

    EndpointWishes(NetworkController networks, ContainerTable table) {
        this.networks = networks;
        this.table = table;
    }

    /** Settings that ask for nothing. */
    static EndpointSettings none() {
        return NONE;
    }

    /**
     * The networks of a new container by their names: that of its mode first, the others as the client has them.
     *
     * @param asked by name or id; {@code default} for the default bridge
     */
    Map<String, EndpointSettings> ofNew(HostConfig host, Map<String, EndpointSettings> asked) {
        String mode = host.networkMode();
        if (mode.startsWith("container:")) {
            return Map.of();
        }
        var byName = new LinkedHashMap<String, EndpointSettings>();
        asked.forEach((network, settings) -> byName.put(name(network), settings == null ? NONE : settings));
        var first = byName.remove(name(mode));
        var all = new LinkedHashMap<String, EndpointSettings>();
        all.put(name(mode), first == null ? NONE : first);
        if (!mode.equals("host") && !mode.equals("none")) {
            all.putAll(byName);
        }
        return all;
    }

    /** The name of a network that is named by its id; what is no network keeps its name, and is missed at the start. */
    private String name(String nameOrId) {
        String wanted = nameOrId.equals("default") ? "bridge" : nameOrId;
        try {
            return networks.network(wanted).name();
        } catch (NetworkException e) {
            return wanted;
        }
    }

    /** What a container wants of all its networks. */
    List<EndpointRequest> of(Definition definition) {
        var requests = new ArrayList<EndpointRequest>();
        definition.endpoints().forEach((network, settings) -> requests.add(of(definition, network, settings)));
        return requests;
    }

    /** What a container wants of one network. */
    EndpointRequest of(Definition definition, String network, EndpointSettings settings) {
        var found = find(network);
        check(found, settings);
        String mac = settings.macAddress();
        String common = definition.config().macAddress();
        boolean ofMode = name(definition.hostConfig().networkMode()).equals(network);
        if (mac.isEmpty() && common != null && ofMode) {
            mac = common;
        }
        var linked = new ArrayList<>(settings.links());
        if (ofMode && found.userDefined()) {
            linked.addAll(definition.hostConfig().links());
        }
        var ipam = settings.ipamConfig();
        return new EndpointRequest(
                found.id(),
                ipam == null ? "" : ipam.ipv4Address(),
                ipam == null ? "" : ipam.ipv6Address(),
                mac,
                names(definition, settings),
                links(linked),
                settings.driverOpts().getOrDefault(INTERFACE_NAME, ""),
                sysctls(settings.driverOpts().get(SYSCTLS)),
                settings.gwPriority());
    }

    private Network find(String name) {
        try {
            return networks.network(name);
        } catch (NetworkException e) {
            if (name.equals("bridge")) {
                return find("none"); // an engine without bridge
            }
            throw NetworkFailure.of(e);
        }
    }

    /** Refuses what the network cannot give. */
    void check(Network network, EndpointSettings settings) {
        var ipam = settings.ipamConfig();
        boolean address = ipam != null
                && (!ipam.ipv4Address().isEmpty() || !ipam.ipv6Address().isEmpty());
        if (ipam != null && !ipam.linkLocalIPs().isEmpty()) {
            throw EngineException.notImplemented("link-local addresses are not built into this engine yet");
        }
        if (!network.userDefined()) {
            if (address) {
                throw EngineException.invalid("user specified IP address is supported on user defined networks only");
            }
            if (!settings.aliases().isEmpty()) {
                throw EngineException.invalid(
                        "network-scoped alias is supported only for containers in user defined networks");
            }
        }
        for (String option : settings.driverOpts().keySet()) {
            if (option.startsWith("com.docker.network.") && !OPTIONS.contains(option)) {
                throw EngineException.invalid("endpoint option " + option + " is not supported");
            }
        }
        if (ipam != null && address) {
            try {
                networks.check(EndpointRequest.of(network.id()).withIpv4(ipam.ipv4Address() + ipam.ipv6Address()));
            } catch (NetworkException e) {
                throw NetworkFailure.of(e);
            }
        }
    }

    /** The names by which others find it: its own, its aliases, its short id, and the host name it was given. */
    static List<String> names(Definition definition, EndpointSettings settings) {
        var names = new LinkedHashSet<String>();
        names.add(definition.name());
        names.addAll(aliases(definition, settings));
        return List.copyOf(names);
    }

    /** The names besides its own. */
    static List<String> aliases(Definition definition, EndpointSettings settings) {
        var names = new LinkedHashSet<>(settings.aliases());
        names.add(definition.shortId());
        if (!definition.config().hostname().isEmpty()) {
            names.add(definition.config().hostname());
        }
        return List.copyOf(names);
    }

    private Map<String, String> links(List<String> wanted) {
        var links = new LinkedHashMap<String, String>();
        for (String link : wanted) {
            int colon = link.indexOf(':');
            String name = colon < 0 ? link : link.substring(0, colon);
            links.put(colon < 0 ? name : link.substring(colon + 1), table.find(name).id);
        }
        return links;
    }

    private static Map<String, String> sysctls(@Nullable String text) {
        var sysctls = new LinkedHashMap<String, String>();
        for (String setting : text == null ? new String[0] : text.split(",")) {
            int equals = setting.indexOf('=');
            if (equals < 1 || !setting.startsWith("net.") || !setting.contains(".IFNAME.")) {
                throw EngineException.invalid(
                        "unable to parse endpoint sysctl \"" + setting + "\": it is to be net.X.Y.IFNAME.Z=V");
            }
            sysctls.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return sysctls;
    }
}
