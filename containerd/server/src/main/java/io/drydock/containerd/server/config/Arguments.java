package io.drydock.containerd.server.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * containerd's command line, in the manner of its original: {@code --flag value}, {@code --flag=value}, {@code -f value}.
 *
 * @param flags by long name
 * @param command what stands behind the flags, such as {@code config default}
 */
public record Arguments(Map<String, String> flags, List<String> command) {
    private static final Map<String, String> SHORT =
            Map.of("c", "config", "l", "log-level", "a", "address", "h", "help", "v", "version");
    private static final List<String> WITH_VALUE = List.of("config", "log-level", "address", "root", "state");
    private static final List<String> ALONE = List.of("help", "version");
    private static final Path CONFIG = Path.of("/etc/containerd/config.toml");

    /** @throws IllegalArgumentException in the original's words when a flag is unknown or lacks its value */
    public static Arguments parse(String[] arguments) {
        var flags = new HashMap<String, String>();
        var command = new ArrayList<String>();
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i];
            if (!argument.startsWith("-") || argument.equals("-") || !command.isEmpty()) {
                command.add(argument);
                continue;
            }
            var given = argument.substring(argument.startsWith("--") ? 2 : 1);
            int equals = given.indexOf('=');
            var name = equals < 0 ? given : given.substring(0, equals);
            var flag = SHORT.getOrDefault(name, name);
            if (ALONE.contains(flag)) {
                flags.put(flag, "true");
            } else if (!WITH_VALUE.contains(flag)) {
                throw new IllegalArgumentException("flag provided but not defined: -" + name);
            } else if (equals >= 0) {
                flags.put(flag, given.substring(equals + 1));
            } else if (i + 1 < arguments.length) {
                flags.put(flag, arguments[++i]);
            } else {
                throw new IllegalArgumentException("flag needs an argument: -" + name);
            }
        }
        return new Arguments(Map.copyOf(flags), List.copyOf(command));
    }

    public boolean has(String flag) {
        return flags.containsKey(flag);
    }

    /** A flag behind the command, such as {@code --topic}; empty if it is not there. */
    public String commandFlag(String name) {
        for (int i = 0; i < command.size(); i++) {
            var word = command.get(i).replaceFirst("^--?", "");
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
            if (word.equals(name) && !command.get(i).equals(name) && i + 1 < command.size()) {
                return command.get(i + 1);
            }
        }
        return "";
    }

    /** The configuration: the file's, with what the flags say in front of it. */
    public ServerConfig config() throws IOException {
        var file = flags.get("config");
        var config = ServerConfig.read(file == null ? CONFIG : Path.of(file), file != null);
        for (var flag : flags.entrySet()) {
            config = switch (flag.getKey()) {
                case "root" -> config.withRoot(flag.getValue());
                case "state" -> config.withState(flag.getValue());
                case "address" -> config.withAddress(flag.getValue());
                case "log-level" -> config.withLogLevel(flag.getValue());
                default -> config;
            };
        }
        return config;
    }

    /** The file in our version, without what it imports and without defaults. */
    public String migrated() throws IOException {
        return ServerConfig.migrate(Path.of(flags.getOrDefault("config", CONFIG.toString())));
    }
}
