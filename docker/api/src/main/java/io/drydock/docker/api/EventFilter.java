package io.drydock.docker.api;

import io.drydock.spec.engine.EventMessage;
import io.drydock.spec.engine.Filters;
import java.util.Set;

/** Which events a client wants. */
final class EventFilter {
    private static final Set<String> ALLOWED = Set.of(
            "config",
            "container",
            "daemon",
            "event",
            "image",
            "label",
            "network",
            "node",
            "plugin",
            "scope",
            "secret",
            "service",
            "type",
            "volume");
    private static final Set<String> BY_NAME_OR_ID =
            Set.of("config", "container", "daemon", "network", "node", "plugin", "secret", "service", "volume");

    private final Filters filters;

    EventFilter(Filters filters) {
        this.filters = filters.allow(ALLOWED);
    }

    boolean accepts(EventMessage event) {
        var attributes = event.actor() == null
                ? java.util.Map.<String, String>of()
                : event.actor().attributes();
        if (!filters.exact("type", event.type())
                || !filters.exact("scope", event.scope())
                || !filters.labels("label", attributes)
                || !action(event.action())) {
            return false;
        }
        for (String kind : filters.values().keySet()) {
            if (BY_NAME_OR_ID.contains(kind) && !(event.type().equals(kind) && object(kind, event))) {
                return false;
            }
        }
        return !filters.has("image") || image(event);
    }

    private boolean action(String action) {
        if (!filters.has("event")) {
            return true;
        }
        return filters.of("event").stream()
                .anyMatch(wanted -> action.equals(wanted) || action.startsWith(wanted + ":"));
    }

    private boolean object(String kind, EventMessage event) {
        var actor = event.actor();
        return actor != null
                && filters.of(kind).stream()
                        .anyMatch(wanted -> actor.id().startsWith(wanted)
                                || wanted.equals(actor.attributes().get("name")));
    }

    private boolean image(EventMessage event) {
        var actor = event.actor();
        if (actor == null) {
            return false;
        }
        String name = event.type().equals("image")
                ? actor.attributes().getOrDefault("name", actor.id())
                : actor.attributes().getOrDefault("image", "");
        return filters.of("image").stream()
                .anyMatch(wanted -> wanted.equals(actor.id()) || wanted.equals(name) || wanted.equals(stem(name)));
    }

    private static String stem(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }
}
