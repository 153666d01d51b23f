package io.drydock.docker.dockerd;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code daemon.json}: the same settings as the flags, some under a plural name. */
final class ConfigFile {
    /** Keys without a flag that this engine has no effect for. */
    static final Map<String, String> REFUSED = Map.of(
            "builder", "BuildKit",
            "resolv-conf", "another resolv.conf",
            "swarm-raft-heartbeat-tick", "swarm mode",
            "swarm-raft-election-tick", "swarm mode");

    private ConfigFile() {}

    /** Reads the file's settings as the flags they stand for. */
    static Map<DaemonFlag, List<String>> read(Path file) throws BadUsage {
        Object root;
        try {
            String text = Files.readString(file);
            if (text.isBlank()) {
                return Map.of();
            }
            root = Jsonb.instance().type(Object.class).fromJson(text);
        } catch (IOException e) {
            throw new BadUsage("unable to configure the Docker daemon with file " + file + ": open " + file + ": "
                    + (Files.exists(file) ? e.getMessage() : "no such file or directory"));
        } catch (JsonException e) {
            throw new BadUsage("unable to configure the Docker daemon with file " + file + ": invalid character: "
                    + e.getMessage());
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new BadUsage("unable to configure the Docker daemon with file " + file + ": not a JSON object");
        }
        return settings(map, file);
    }

    private static Map<DaemonFlag, List<String>> settings(Map<?, ?> map, Path file) throws BadUsage {
        var settings = new EnumMap<DaemonFlag, List<String>>(DaemonFlag.class);
        var unknown = new ArrayList<String>();
        for (var entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            var flag = DaemonFlag.byKey(key);
            if (REFUSED.containsKey(key)) {
                throw new BadUsage("\"" + key + "\": " + REFUSED.get(key) + " is not built into this engine yet");
            }
            if (key.equals("proxies") && entry.getValue() instanceof Map<?, ?> proxies) {
                settings.putAll(settings(proxies, file));
            } else if (flag == null
                    || flag == DaemonFlag.CONFIG_FILE
                    || flag == DaemonFlag.HELP
                    || flag == DaemonFlag.VALIDATE) {
                unknown.add(key);
            } else {
                settings.put(flag, values(flag, entry.getValue()));
            }
        }
        if (!unknown.isEmpty()) {
            throw new BadUsage("unable to configure the Docker daemon with file " + file
                    + ": the following directives don't match any configuration option: " + String.join(", ", unknown));
        }
        return settings;
    }

    private static List<String> values(DaemonFlag flag, Object value) throws BadUsage {
        return switch (value) {
            case List<?> list -> list.stream().map(item -> item(item)).toList();
            case Map<?, ?> pairs
            when flag == DaemonFlag.ADD_RUNTIME ->
                pairs.entrySet().stream()
                        .map(e ->
                                e.getKey() + "=" + (e.getValue() instanceof Map<?, ?> m ? m.get("path") : e.getValue()))
                        .toList();
            case Map<?, ?> pairs
            when flag == DaemonFlag.DEFAULT_ULIMIT ->
                pairs.values().stream()
                        .map(v -> v instanceof Map<?, ?> m
                                ? m.get("Name") + "=" + number(m.get("Soft")) + ":" + number(m.get("Hard"))
                                : String.valueOf(v))
                        .toList();
            case Map<?, ?> pairs ->
                pairs.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList();
            case Boolean bool -> List.of(bool.toString());
            case Number n -> List.of(number(n));
            case String text -> List.of(text);
            case null, default -> throw new BadUsage("the value of \"" + flag.key + "\" is of a wrong type");
        };
    }

    private static String item(Object item) {
        return item instanceof Map<?, ?> m && m.containsKey("base")
                ? "base=" + m.get("base") + ",size=" + number(m.get("size"))
                : String.valueOf(item);
    }

    private static String number(@Nullable Object value) {
        return value instanceof Number n ? Long.toString(n.longValue()) : String.valueOf(value);
    }
}
