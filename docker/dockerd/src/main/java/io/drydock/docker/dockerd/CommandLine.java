package io.drydock.docker.dockerd;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The flags as given, by the rules of the original's parser: {@code --flag value}, {@code --flag=value}, {@code -Hvalue},
 * {@code -H value}, joined one-letter switches. A flag without a list takes the last value.
 */
final class CommandLine {
    private final Map<DaemonFlag, List<String>> values = new EnumMap<>(DaemonFlag.class);

    private CommandLine() {}

    static Map<DaemonFlag, List<String>> parse(String... arguments) throws BadUsage {
        var line = new CommandLine();
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i];
            if (word.startsWith("--") && word.length() > 2) {
                i = line.longFlag(arguments, i);
            } else if (word.startsWith("-") && word.length() > 1) {
                i = line.shortFlags(arguments, i);
            } else {
                throw new BadUsage("unknown command: dockerd " + word);
            }
        }
        return line.values;
    }

    private int longFlag(String[] arguments, int i) throws BadUsage {
        String word = arguments[i].substring(2);
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        var flag = DaemonFlag.byName(name);
        if (flag == null || flag == DaemonFlag.MIN_API_VERSION) {
            throw new BadUsage("unknown flag: --" + name);
        }
        if (equals >= 0) {
            put(flag, word.substring(equals + 1));
            return i;
        }
        if (flag.kind == DaemonFlag.Kind.BOOL) {
            put(flag, "true");
            return i;
        }
        if (i + 1 == arguments.length) {
            throw new BadUsage("flag needs an argument: --" + name);
        }
        put(flag, arguments[i + 1]);
        return i + 1;
    }

    private int shortFlags(String[] arguments, int i) throws BadUsage {
        String word = arguments[i];
        for (int at = 1; at < word.length(); at++) {
            var flag = DaemonFlag.byShorthand(word.charAt(at));
            if (flag == null) {
                throw new BadUsage("unknown shorthand flag: '" + word.charAt(at) + "' in " + word);
            }
            String rest = word.substring(at + 1);
            if (flag.kind == DaemonFlag.Kind.BOOL && !rest.startsWith("=")) {
                put(flag, "true");
                continue;
            }
            if (!rest.isEmpty()) {
                put(flag, rest.startsWith("=") ? rest.substring(1) : rest);
                return i;
            }
            if (i + 1 == arguments.length) {
                throw new BadUsage("flag needs an argument: '" + word.charAt(at) + "' in " + word);
            }
            put(flag, arguments[i + 1]);
            return i + 1;
        }
        return i;
    }

    private void put(DaemonFlag flag, String value) throws BadUsage {
        String checked = value;
        if (flag.kind == DaemonFlag.Kind.BOOL) {
            checked = switch (value) {
                case "1", "t", "T", "true", "TRUE", "True" -> "true";
                case "0", "f", "F", "false", "FALSE", "False" -> "false";
                default ->
                    throw new BadUsage("invalid argument \"" + value + "\" for \""
                            + (flag.shorthand.isEmpty() ? "" : "-" + flag.shorthand + ", ") + "--" + flag.flag
                            + "\" flag: strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
            };
        }
        var list = values.computeIfAbsent(flag, key -> new ArrayList<>(1));
        if (flag.kind != DaemonFlag.Kind.LIST) {
            list.clear();
        }
        list.add(checked);
    }
}
