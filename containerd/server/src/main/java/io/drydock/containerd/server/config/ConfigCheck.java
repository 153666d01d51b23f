package io.drydock.containerd.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a configuration can be served: types, values, and what is not built here. */
final class ConfigCheck {
    private static final Set<String> LEVELS =
            Set.of("", "trace", "debug", "info", "warn", "warning", "error", "fatal", "panic");
    /** Tables whose keys are names that the user gives. */
    private static final Set<String> FREE = Set.of("timeouts", "proxy_plugins", "stream_processors", "cgroup");
    /** Keys of the original's that are told elsewhere: they stop containerd, or are what its own programs write. */
    private static final Set<String> CHECKED = Set.of("plugin_dir");

    private ConfigCheck() {}

    /** @throws IllegalArgumentException with the first thing that is wrong */
    static void check(ServerConfig config) {
        types("", ServerConfig.DEFAULT.document(), config.document());
        var document = config.document();
        for (var key : List.of("disabled_plugins", "required_plugins")) {
            for (var uri : Toml.texts(document, key)) {
                if (!uri.contains(".")) {
                    throw new IllegalArgumentException("invalid " + key.substring(0, key.indexOf('_'))
                            + " plugin URI \"" + uri + "\" expect io.containerd.x.vx");
                }
            }
        }
        oneOf("log level", config.logLevel(), LEVELS);
        oneOf("log format", config.logFormat(), Set.of("text", "json"));
        config.collection();
        for (var timeout : Toml.table(document, "timeouts").values()) {
            ServerConfig.duration(String.valueOf(timeout));
        }
        refuse(!Toml.text(document, "plugin_dir", "").isEmpty(), "plugin_dir: plugins as files are not supported");
        refuse(!Toml.table(document, "proxy_plugins").isEmpty(), "proxy_plugins are not supported");
        refuse(
                !Toml.text(Toml.table(document, "cgroup"), "path", "").isEmpty(),
                "cgroup.path: a cgroup for containerd is not supported");
        var plugins = Toml.table(document, "plugins");
        var sharing = Toml.text(Toml.table(plugins, ServerConfig.METADATA), "content_sharing_policy", "");
        refuse(sharing.equals("isolated"), "content_sharing_policy \"isolated\" is not supported");
        oneOf("content sharing policy", sharing, Set.of("", "shared"));
        var differs = Toml.texts(Toml.table(plugins, ServerConfig.DIFF), "default");
        refuse(!differs.equals(List.of("walking")), "differs " + differs + " are not supported, walking is");
    }

    private static void refuse(boolean wanted, String why) {
        if (wanted) {
            throw new IllegalArgumentException(why);
        }
    }

    private static void oneOf(String what, String value, Set<String> known) {
        refuse(!known.contains(value), "unknown " + what + ": \"" + value + "\"");
    }

    private static void types(String path, Map<String, Object> expected, Map<String, Object> given) {
        expected.forEach((key, value) -> {
            var found = given.get(key);
            var name = path.isEmpty() ? key : path + "." + key;
            boolean fits = value instanceof Double ? found instanceof Number : isSameType(value, found);
            if (!fits) {
                throw new IllegalArgumentException("\"" + name + "\" is not " + kind(value) + ": " + found);
            }
            if (value instanceof Map) {
                types(name, Toml.table(expected, key), Toml.table(given, key));
            }
        });
    }

    private static boolean isSameType(Object expected, @Nullable Object found) {
        return expected instanceof Map && found instanceof Map
                || expected instanceof List && found instanceof List
                || expected.getClass().isInstance(found);
    }

    private static String kind(Object value) {
        return switch (value) {
            case Map<?, ?> table -> "a table";
            case List<?> list -> "a list";
            case String text -> "a text";
            case Boolean flag -> "a boolean";
            default -> "a number";
        };
    }

    /** Keys that are not in the default document. Plugins that are not here may have any, as with the original. */
    static List<String> unknown(ServerConfig config) {
        var found = new ArrayList<String>();
        unknown("", ServerConfig.DEFAULT.document(), config.document(), found);
        return found;
    }

    private static void unknown(String path, Map<String, Object> known, Map<String, Object> given, List<String> found) {
        given.forEach((key, value) -> {
            var name = path.isEmpty() ? key : path + " " + key;
            var expected = known.get(key);
            if (expected == null) {
                boolean told = path.isEmpty() && (FREE.contains(key) || CHECKED.contains(key));
                if (!told && !path.equals("plugins")) {
                    found.add(name);
                }
            } else if (value instanceof Map && expected instanceof Map && !FREE.contains(key)) {
                unknown(name, Toml.table(known, key), Toml.table(given, key), found);
            }
        });
    }
}
