package io.drydock.docker.engine.image;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.image.ContainerDefaults;
import io.drydock.spec.oci.image.HealthCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies {@code --change} instructions, written as in a Dockerfile, to an image's defaults. */
final class ConfigChanges {
    /** Defaults that say nothing. */
    static final ContainerDefaults NONE = new ContainerDefaults(
            null, Map.of(), List.of(), null, null, Map.of(), null, Map.of(), null, null, null, List.of(), null, null,
            null, null, null, null, null, null, null, null);

    private final ContainerDefaults base;
    private @Nullable String user;
    private @Nullable String workingDir;
    private @Nullable String stopSignal;
    private @Nullable List<String> entrypoint;
    private @Nullable List<String> cmd;
    private @Nullable HealthCheck health;
    private boolean cmdSet;
    private final Map<String, String> env = new LinkedHashMap<>();
    private final List<String> onBuild;
    private final Map<String, Map<String, Object>> ports;
    private final Map<String, Map<String, Object>> volumes;
    private final Map<String, String> labels;

    private ConfigChanges(ContainerDefaults base) {
        this.base = base;
        user = base.user();
        workingDir = base.workingDir();
        stopSignal = base.stopSignal();
        entrypoint = base.entrypoint();
        cmd = base.cmd();
        health = base.healthcheck();
        for (String variable : base.env()) {
            int equals = variable.indexOf('=');
            env.put(equals < 0 ? variable : variable.substring(0, equals), variable);
        }
        onBuild = new ArrayList<>(base.onBuild());
        ports = new LinkedHashMap<>(base.exposedPorts());
        volumes = new LinkedHashMap<>(base.volumes());
        labels = new LinkedHashMap<>(base.labels());
    }

    /**
     * The defaults after the instructions.
     *
     * @throws EngineException INVALID in the original's words
     */
    static ContainerDefaults apply(ContainerDefaults base, List<String> instructions) {
        var changes = new ConfigChanges(base);
        for (String instruction : instructions) {
            for (String line : instruction.split("\n")) {
                if (!line.isBlank() && !line.strip().startsWith("#")) {
                    changes.apply(line.strip());
                }
            }
        }
        return changes.result();
    }

    private ContainerDefaults result() {
        return new ContainerDefaults(
                user,
                ports,
                List.copyOf(env.values()),
                entrypoint,
                cmd,
                volumes,
                workingDir,
                labels,
                stopSignal,
                base.argsEscaped(),
                health,
                onBuild,
                base.shell(),
                base.hostname(),
                base.domainname(),
                base.tty(),
                base.openStdin(),
                base.stdinOnce(),
                base.attachStdin(),
                base.attachStdout(),
                base.attachStderr(),
                base.image());
    }

    private void apply(String text) {
        int space = text.indexOf(' ');
        String word = space < 0 ? text : text.substring(0, space);
        String name = word.toUpperCase(Locale.ROOT);
        String rest = space < 0 ? "" : text.substring(space + 1).strip();
        switch (name) {
            case "CMD" -> {
                cmd = words(rest);
                cmdSet = true;
            }
            case "ENTRYPOINT" -> {
                entrypoint = words(rest);
                cmd = cmdSet ? cmd : null; // arguments for another program
            }
            case "ENV" -> pairs(name, rest).forEach((key, value) -> env.put(key, key + "=" + expanded(value)));
            case "LABEL" -> pairs(name, rest).forEach((key, value) -> labels.put(expanded(key), expanded(value)));
            case "EXPOSE" -> {
                for (String port : needed(name, rest).split("\\s+")) {
                    PortRange.of(expanded(port)).forEach(one -> ports.put(one, Map.of()));
                }
            }
            case "VOLUME" -> {
                var paths = needed(name, rest).startsWith("[") ? list(rest) : null;
                for (String path : paths == null ? List.of(rest.split("\\s+")) : paths) {
                    if (path.isBlank()) {
                        throw EngineException.invalid("VOLUME specified can not be an empty string");
                    }
                    volumes.put(expanded(path), Map.of());
                }
            }
            case "USER" -> user = expanded(one(name, rest));
            case "WORKDIR" -> workingDir = directory(expanded(one(name, rest)));
            case "STOPSIGNAL" -> stopSignal = expanded(one(name, rest));
            case "ONBUILD" -> onBuild.add(needed(name, rest));
            case "HEALTHCHECK" -> health = HealthInstruction.parse(needed(name, rest));
            case "ADD", "ARG", "COPY", "FROM", "MAINTAINER", "RUN", "SHELL" ->
                throw EngineException.invalid(word + " is not a valid change command");
            default -> throw EngineException.invalid("dockerfile parse error on line 1: unknown instruction: " + word);
        }
    }

    private static String needed(String name, String rest) {
        if (rest.isEmpty()) {
            throw EngineException.invalid(name + " requires at least one argument");
        }
        return rest;
    }

    private static String one(String name, String rest) {
        if (rest.isEmpty()) {
            throw EngineException.invalid(name + " requires exactly one argument");
        }
        return rest;
    }

    private String directory(String path) {
        String from = path.startsWith("/") || workingDir == null || workingDir.isEmpty() ? "/" : workingDir + "/";
        return Path.of(from + path).normalize().toString();
    }

    /** Variables of the environment so far, as {@code $NAME}, <code>${NAME}</code>, and with {@code :-} and {@code :+}. */
    private String expanded(String text) {
        return new Variables(name -> {
                    String variable = env.get(name);
                    return variable == null ? null : variable.substring(Math.min(variable.length(), name.length() + 1));
                })
                .expand(text);
    }

    /** A JSON array is taken as it is, anything else is for the shell. */
    private @Nullable List<String> words(String text) {
        if (text.isEmpty()) {
            return null;
        }
        var list = list(text);
        if (list != null) {
            return list;
        }
        var shell = new ArrayList<>(base.shell() == null ? List.of("/bin/sh", "-c") : base.shell());
        shell.add(text);
        return shell;
    }

    static @Nullable List<String> list(String text) {
        if (text.startsWith("[")) {
            try {
                if (Jsonb.instance().type(Object.class).fromJson(text) instanceof List<?> list
                        && list.stream().allMatch(String.class::isInstance)) {
                    return list.stream().map(String::valueOf).toList();
                }
            } catch (JsonException | IndexOutOfBoundsException notJson) {
                return null;
            }
        }
        return null;
    }

    /** {@code a=b c="d e"}, or the older {@code a b c} for one. */
    private static Map<String, String> pairs(String name, String text) {
        var pairs = new LinkedHashMap<String, String>();
        int firstSpace = needed(name, text).indexOf(' ');
        int firstEquals = text.indexOf('=');
        if (firstEquals < 0 || firstSpace >= 0 && firstSpace < firstEquals) {
            if (firstSpace < 0) {
                throw EngineException.invalid("dockerfile parse error on line 1: " + name + " must have two arguments");
            }
            pairs.put(
                    text.substring(0, firstSpace),
                    text.substring(firstSpace + 1).strip());
            return pairs;
        }
        for (String pair : split(text)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw EngineException.invalid(
                        "Syntax error - can't find = in \"" + pair + "\". Must be of the form: name=value");
            }
            if (equals == 0) {
                throw EngineException.invalid(name + " names can not be blank");
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    private static List<String> split(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        boolean begun = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                begun = true;
            } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                begun = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
