package io.drydock.registry.server;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is told of pushes, pulls and deletes: the part {@code notifications} of the configuration.
 *
 * @param references whether an event about a manifest lists what the manifest refers to
 * @param endpoints those that are not disabled
 */
record NotificationSettings(boolean references, List<Endpoint> endpoints) {

    /**
     * Where events are posted.
     *
     * @param name names its outbox
     * @param timeout for one post
     * @param threshold how many posts may fail in a row before there are pauses
     * @param backoff the pause
     * @param mediaTypes of whose events nothing is told
     * @param actions of which nothing is told
     */
    record Endpoint(
            String name,
            URI url,
            Map<String, List<String>> headers,
            Duration timeout,
            int threshold,
            Duration backoff,
            List<String> mediaTypes,
            List<String> actions) {}

    static NotificationSettings of(ConfigNode node) {
        node.only(List.of("events", "endpoints"));
        var events = node.node("events");
        events.only(List.of("includereferences"));
        var endpoints = node.nodes("endpoints").stream()
                .filter(endpoint -> !endpoint.flag("disabled"))
                .map(NotificationSettings::endpoint)
                .toList();
        if (endpoints.stream().map(Endpoint::name).distinct().count() < endpoints.size()) {
            throw new IllegalArgumentException("configuration: notifications.endpoints: two have the same name");
        }
        return new NotificationSettings(events.flag("includereferences"), endpoints);
    }

    private static Endpoint endpoint(ConfigNode node) {
        node.only(List.of(
                "name",
                "disabled",
                "url",
                "headers",
                "timeout",
                "threshold",
                "backoff",
                "ignoredmediatypes",
                "ignore"));
        var ignored = node.node("ignore");
        ignored.only(List.of("mediatypes", "actions"));
        String name = node.text("name", "");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("configuration: " + node.path() + "name: \"" + name
                    + "\" must be of letters, digits, dots, dashes and underscores");
        }
        var headers = new LinkedHashMap<String, List<String>>();
        var given = node.node("headers");
        given.names().forEach(header -> headers.put(header, given.texts(header)));
        var mediaTypes = new java.util.ArrayList<>(node.texts("ignoredmediatypes"));
        mediaTypes.addAll(ignored.texts("mediatypes"));
        return new Endpoint(
                name,
                url(node),
                headers,
                positive(node.duration("timeout", Duration.ZERO), Duration.ofSeconds(1)),
                Math.max(1, node.number("threshold", 10)),
                positive(node.duration("backoff", Duration.ZERO), Duration.ofSeconds(1)),
                List.copyOf(mediaTypes),
                ignored.texts("actions"));
    }

    private static URI url(ConfigNode node) {
        String text = node.text("url", "");
        try {
            var url = URI.create(text);
            if (url.getHost() != null && List.of("http", "https").contains(String.valueOf(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("configuration: " + node.path() + "url: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("configuration: " + node.path() + "url: \"" + text + "\" is no address");
    }

    /** As the original: nothing and nonsense stand for the usual. */
    private static Duration positive(Duration duration, Duration otherwise) {
        return duration.isPositive() ? duration : otherwise;
    }
}
