package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.json.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object whose members the engine leaves out when they are empty: templates may ask for them, JSON does not show them. */
final class Absent extends LinkedHashMap<String, @Nullable Object> {
    private final transient Map<String, @Nullable Object> empty;

    private Absent(Map<String, @Nullable Object> there, Map<String, @Nullable Object> empty) {
        super(there);
        this.empty = empty;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return super.containsKey(key) || empty.containsKey(key);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        Object value = super.get(key);
        return value == null ? empty.get(key) : value;
    }

    /** The object of an inspection with its parts so replaced. */
    static Map<String, @Nullable Object> fill(Map<String, @Nullable Object> object) {
        var state = Json.map(object.get("State"));
        if (state.containsKey("Status")) {
            var empty = new HashMap<String, @Nullable Object>();
            empty.put("Health", null);
            object.put("State", new Absent(state, empty));
        }
        var config = Json.map(object.get("Config"));
        if (config.containsKey("Image") && config.containsKey("Cmd")) {
            var empty = new HashMap<String, @Nullable Object>();
            empty.put("Healthcheck", null);
            empty.put("ExposedPorts", Map.of());
            empty.put("StopSignal", "");
            empty.put("StopTimeout", null);
            empty.put("Shell", List.of());
            object.put("Config", new Absent(config, empty));
        }
        // of a volume: no labels are an empty map to templates
        return object.containsKey("Mountpoint") && object.containsKey("Driver")
                ? new Absent(object, Map.of("Labels", Map.of(), "Options", Map.of()))
                : object;
    }
}
