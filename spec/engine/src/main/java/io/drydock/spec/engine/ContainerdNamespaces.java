package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Its namespaces. */
@Json
public record ContainerdNamespaces(
        @Json.Property("Containers") String containers,
        @Json.Property("Plugins") String plugins) {

    /** Absent members become their empty form. */
    public ContainerdNamespaces {
        containers = containers == null ? "" : containers;
        plugins = plugins == null ? "" : plugins;
    }
}
