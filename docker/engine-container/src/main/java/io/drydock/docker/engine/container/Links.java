package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.network.Endpoint;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Links on the default bridge: a container knows others by aliases in its {@code hosts}. They are asked for as
 * {@code name:alias} and kept, as the original shows them, as {@code /name:/owner/alias}. In a network of the user's they are
 * names that the engine's name server knows, and stay as they are. What variables they set: {@link LinkVariables}.
 */
final class Links {
    private final ContainerTable table;
    private final NetworkController networks;

    Links(ContainerTable table, NetworkController networks) {
        this.table = table;
        this.networks = networks;
    }

    /** The links of a new container of that name as they are kept. */
    List<String> kept(HostConfig host, String owner) {
        String mode = host.networkMode();
        if (!host.links().isEmpty() && (mode.equals("host") || mode.startsWith("container:"))) {
            String kind = mode.equals("host") ? "host type networking" : "container type network";
            throw EngineException.invalid("conflicting options: " + kind
                    + " can't be used with links. This would result in undefined behavior");
        }
        if (!isDefault(mode)) {
            return host.links();
        }
        var kept = new ArrayList<String>();
        for (String link : host.links()) {
            String[] parts = link.split(":");
            if (parts.length > 2 || parts[0].isEmpty()) {
                throw EngineException.invalid("bad format for links: " + link);
            }
            var child = child(parts[0]);
            String alias = parts.length == 2 ? parts[1] : parts[0];
            kept.add("/" + child.name() + ":/" + owner + "/" + alias.substring(alias.lastIndexOf('/') + 1));
        }
        return kept;
    }

    private static boolean isDefault(String mode) {
        return mode.equals("bridge") || mode.equals("default");
    }

    private Container child(String name) {
        try {
            return table.find(name);
        } catch (EngineException e) {
            throw EngineException.invalid("could not get container for " + name + ": " + e.getMessage());
        }
    }

    /**
     * A container that another one is linked to.
     *
     * @param name of the link, {@code /owner/alias}
     * @param definition the other container
     * @param address its IPv4 address on the default bridge
     */
    record Link(String name, Definition definition, String address) {
        String alias() {
            return name.substring(name.lastIndexOf('/') + 1);
        }
    }

    /** The links of a container that runs or starts; all that it is linked to must run. */
    List<Link> of(Definition definition) {
        var links = new ArrayList<Link>();
        if (!isDefault(definition.hostConfig().networkMode())) {
            return links;
        }
        for (String link : definition.hostConfig().links()) {
            int colon = link.indexOf(':');
            var child = child(link.substring(1, colon));
            if (!child.state().alive()) {
                throw EngineException.system(
                        "Cannot link to a non running container: /" + child.name() + " AS " + link.substring(colon + 1),
                        null);
            }
            var endpoint = endpoint(networks.sandbox(child.id));
            if (endpoint == null) {
                throw EngineException.system(
                        "Cannot link to /" + child.name() + ", as it does not belong to the default network", null);
            }
            links.add(new Link(link.substring(colon + 1), child.definition(), endpoint.ipAddress()));
        }
        return links;
    }

    /** The address on the default bridge; empty if there is none. */
    static String address(@Nullable Sandbox sandbox) {
        var endpoint = endpoint(sandbox);
        return endpoint == null ? "" : endpoint.ipAddress();
    }

    private static @Nullable Endpoint endpoint(@Nullable Sandbox sandbox) {
        return sandbox == null
                ? null
                : sandbox.endpoints().stream()
                        .filter(place -> place.networkName().equals("bridge"))
                        .findFirst()
                        .orElse(null);
    }

    /** The line of {@code hosts} for a link. */
    static String line(Link link) {
        var names = new LinkedHashSet<String>();
        names.add(link.alias());
        names.add(link.definition().config().hostname());
        names.add(link.definition().name());
        return link.address() + "\t" + String.join(" ", names);
    }

    /** The running containers that have links to one, by their ids, with the aliases by which they know it. */
    Map<String, List<String>> parents(Definition child) {
        var parents = new LinkedHashMap<String, List<String>>();
        for (var container : table.all()) {
            var definition = container.definition();
            if (!container.state().alive() || !isDefault(definition.hostConfig().networkMode())) {
                continue;
            }
            for (String link : definition.hostConfig().links()) {
                if (link.startsWith("/" + child.name() + ":")) {
                    parents.computeIfAbsent(container.id, unused -> new ArrayList<>())
                            .add(link.substring(link.lastIndexOf('/') + 1));
                }
            }
        }
        return parents;
    }
}
