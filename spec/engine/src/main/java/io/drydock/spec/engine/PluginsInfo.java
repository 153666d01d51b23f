package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The drivers an engine has. */
@Json
public record PluginsInfo(
        @Json.Property("Volume") List<String> volume,
        @Json.Property("Network") List<String> network,
        @Json.Property("Authorization") List<String> authorization,
        @Json.Property("Log") List<String> log) {

    /** Absent members become their empty form. */
    public PluginsInfo {
        volume = volume == null ? List.of() : volume;
        network = network == null ? List.of() : network;
        authorization = authorization == null ? List.of() : authorization;
        log = log == null ? List.of() : log;
    }
}
