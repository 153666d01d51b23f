package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Filters;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Which containers {@code docker ps --filter} wants. Values of one name are alternatives, names add up. */
final class ContainerFilter {
    private static final Set<String> ALLOWED = Set.of(
            "ancestor",
            "before",
            "expose",
            "exited",
            "health",
            "id",
            "is-task",
            "isolation",
            "label",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");

    private final Filters filters;
    private final @Nullable String before;
    private final @Nullable String since;
    private final @Nullable Set<String> ancestors;
    private final Set<String> wantedNetworks;

    ContainerFilter(Filters filters, ContainerTable table, ImageCatalog images, NetworkController networks) {
        this.filters = filters.allow(ALLOWED);
        this.before = bound("before", table);
        this.since = bound("since", table);
        this.ancestors = filters.has("ancestor") ? ancestors(images) : null;
        this.wantedNetworks = names(filters.of("network"), networks);
        for (String status : filters.of("status")) {
            known(status);
        }
        for (String health : filters.of("health")) {
            if (!List.of("none", HealthRules.STARTING, HealthRules.HEALTHY, HealthRules.UNHEALTHY)
                    .contains(health)) {
                throw EngineException.invalid("unrecognized filter value for health: " + health)
                        .olderWords("Unrecognised filter value for health: " + health);
            }
        }
        for (String code : filters.of("exited")) {
            number(code);
        }
        filters.bool("is-task", false);
        checkPorts("expose");
        checkPorts("publish");
    }

    private void checkPorts(String filter) {
        for (String port : filters.of(filter)) {
            String number = port.contains("/") ? port.substring(0, port.indexOf('/')) : port;
            if (!number.matches("[0-9]+(-[0-9]+)?")) {
                throw EngineException.invalid("error while looking up for " + filter + " " + port
                        + ": strconv.ParseUint: parsing \"" + number + "\": invalid syntax");
            }
        }
    }

    private static void number(String text) {
        try {
            Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }

    private static RunState.Status known(String status) {
        try {
            return RunState.Status.valueOf(status.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid("invalid filter 'status=" + status + "'");
        }
    }

    private @Nullable String bound(String name, ContainerTable table) {
        if (!filters.has(name)) {
            return null;
        }
        String wanted = filters.of(name).getFirst();
        try {
            return table.find(wanted).definition().created();
        } catch (EngineException e) {
            throw EngineException.notFound("no such container " + wanted);
        }
    }

    private Set<String> ancestors(ImageCatalog images) {
        var ids = new HashSet<String>();
        for (String name : filters.of("ancestor")) {
            try {
                ids.add(images.find(name).id());
            } catch (EngineException e) {
                continue; // no image of that name: no container of it
            }
        }
        return ids;
    }

    /** The names of networks that are wanted by name or by a beginning of their id. */
    private static Set<String> names(List<String> wanted, NetworkController networks) {
        var names = new HashSet<>(wanted);
        for (var network : wanted.isEmpty() ? List.<Network>of() : networks.networks()) {
            if (wanted.stream().anyMatch(network.id()::startsWith)) {
                names.add(network.name());
            }
        }
        return names;
    }

    /** Whether containers that do not run are wanted, too, without being asked for. */
    boolean impliesAll() {
        return filters.has("status") || filters.has("exited");
    }

    boolean accepts(Container container) {
        var definition = container.definition();
        var state = container.state();
        var config = definition.config();
        return matchesPrefix("id", container.id)
                && matchesName("name", container.name())
                && filters.labels("label", config.labels())
                && filters.exact("status", state.status().word())
                && exited(state)
                && (before == null || definition.created().compareTo(before) < 0)
                && (since == null || definition.created().compareTo(since) > 0)
                && (ancestors == null || ancestors.contains(definition.imageId()))
                && filters.exact("health", container.health == null ? "none" : container.health.status())
                && (!filters.has("is-task") || !filters.bool("is-task", false))
                && network(container)
                && volume(container)
                && port("expose", state.alive() ? config.exposedPorts().keySet() : Set.of())
                && port(
                        "publish",
                        state.alive() ? definition.hostConfig().portBindings().keySet() : Set.of());
    }

    private boolean matchesPrefix(String name, String id) {
        return !filters.has(name) || filters.of(name).stream().anyMatch(id::startsWith);
    }

    private boolean matchesName(String filter, String name) {
        return !filters.has(filter)
                || filters.of(filter).stream().anyMatch(pattern -> {
                    try {
                        var compiled = Pattern.compile(pattern);
                        return compiled.matcher(name).find()
                                || compiled.matcher("/" + name).find();
                    } catch (PatternSyntaxException e) {
                        return name.contains(pattern);
                    }
                });
    }

    private boolean exited(RunState state) {
        return !filters.has("exited")
                || state.status() == RunState.Status.EXITED
                        && filters.of("exited").contains("" + state.exitCode());
    }

    private boolean network(Container container) {
        return !filters.has("network")
                || container.definition().endpoints().keySet().stream().anyMatch(wantedNetworks::contains);
    }

    private boolean volume(Container container) {
        return !filters.has("volume")
                || container.definition().mounts().stream()
                        .anyMatch(plan -> filters.of("volume").contains(plan.name())
                                || filters.of("volume").contains(plan.destination()));
    }

    private boolean port(String filter, Set<String> ports) {
        return !filters.has(filter)
                || filters.of(filter).stream()
                        .anyMatch(wanted -> ports.contains(wanted.contains("/") ? wanted : wanted + "/tcp"));
    }
}
