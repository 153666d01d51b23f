package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Links on the default bridge: a container knows others by aliases in its {@code hosts}. They are asked for as
 * {@code name:alias} and kept, as the original shows them, as {@code /name:/owner/alias}. In a network of the user's they are
 * names that the engine's name server knows, and stay as they are.
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

    /** The lines of {@code hosts} for a container that starts. */
    List<String> lines(Definition definition) {
        var lines = new ArrayList<String>();
        if (!isDefault(definition.hostConfig().networkMode())) {
            return lines;
        }
        for (String link : definition.hostConfig().links()) {
            int colon = link.indexOf(':');
            var child = child(link.substring(1, colon));
            if (!child.state().alive()) {
                throw EngineException.system(
                        "Cannot link to a non running container: /" + child.name() + " AS " + link.substring(colon + 1),
                        null);
            }
            var sandbox = networks.sandbox(child.id);
            var endpoint = sandbox == null
                    ? null
                    : sandbox.endpoints().stream()
                            .filter(place -> place.networkName().equals("bridge"))
                            .findFirst()
                            .orElse(null);
            if (endpoint == null) {
                throw EngineException.system(
                        "Cannot link to /" + child.name() + ", as it does not belong to the default network", null);
            }
            var names = new LinkedHashSet<String>();
            names.add(link.substring(link.lastIndexOf('/') + 1));
            names.add(child.definition().config().hostname());
            names.add(child.name());
            lines.add(endpoint.ipAddress() + "\t" + String.join(" ", names));
        }
        return lines;
    }
}
