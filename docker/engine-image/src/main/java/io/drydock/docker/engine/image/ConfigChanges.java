package io.drydock.docker.engine.image;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.image.ContainerDefaults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies {@code --change} instructions, written as in a Dockerfile, to an image's defaults. */
final class ConfigChanges {
    private @Nullable String user;
    private @Nullable String workingDir;
    private @Nullable String stopSignal;
    private @Nullable List<String> entrypoint;
    private @Nullable List<String> cmd;
    private final List<String> env = new ArrayList<>();
    private final List<String> onBuild = new ArrayList<>();
    private final Map<String, Map<String, Object>> ports = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> volumes = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();

    private ConfigChanges() {}

    static ContainerDefaults apply(List<String> instructions) {
        var changes = new ConfigChanges();
        instructions.forEach(changes::apply);
        return new ContainerDefaults(
                changes.user,
                changes.ports,
                changes.env,
                changes.entrypoint,
                changes.cmd,
                changes.volumes,
                changes.workingDir,
                changes.labels,
                changes.stopSignal,
                null,
                null,
                changes.onBuild,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private void apply(String line) {
        String text = line.strip();
        int space = text.indexOf(' ');
        String name = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        String rest = space < 0 ? "" : text.substring(space + 1).strip();
        if (rest.isEmpty()) {
            throw EngineException.invalid(name + " requires at least one argument");
        }
        switch (name) {
            case "CMD" -> cmd = words(rest);
            case "ENTRYPOINT" -> entrypoint = words(rest);
            case "ENV" -> pairs(rest).forEach((key, value) -> env.add(key + "=" + value));
            case "LABEL" -> labels.putAll(pairs(rest));
            case "EXPOSE" -> {
                for (String port : rest.split("\\s+")) {
                    ports.put(port.contains("/") ? port : port + "/tcp", Map.of());
                }
            }
            case "VOLUME" -> {
                for (String path : rest.startsWith("[") ? words(rest) : List.of(rest.split("\\s+"))) {
                    volumes.put(path, Map.of());
                }
            }
            case "USER" -> user = rest;
            case "WORKDIR" -> workingDir = rest;
            case "STOPSIGNAL" -> stopSignal = rest;
            case "ONBUILD" -> onBuild.add(rest);
            default -> throw EngineException.invalid("dockerfile parse error: unknown instruction: " + name);
        }
    }

    /** A JSON array is taken as it is, anything else is for the shell. */
    private static List<String> words(String text) {
        if (text.startsWith("[")) {
            try {
                if (Jsonb.instance().type(Object.class).fromJson(text) instanceof List<?> list) {
                    return list.stream().map(String::valueOf).toList();
                }
            } catch (JsonException notJson) {
                return List.of("/bin/sh", "-c", text);
            }
        }
        return List.of("/bin/sh", "-c", text);
    }

    /** {@code a=b c="d e"}, or the older {@code a b c} for one. */
    private static Map<String, String> pairs(String text) {
        var pairs = new LinkedHashMap<String, String>();
        int firstSpace = text.indexOf(' ');
        int firstEquals = text.indexOf('=');
        if (firstEquals < 0 || firstSpace >= 0 && firstSpace < firstEquals) {
            if (firstSpace < 0) {
                throw EngineException.invalid(
                        "Syntax error - can't find = in \"" + text + "\". Must be of the form: name=value");
            }
            pairs.put(
                    text.substring(0, firstSpace),
                    text.substring(firstSpace + 1).strip());
            return pairs;
        }
        for (String pair : split(text)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw EngineException.invalid(
                        "Syntax error - can't find = in \"" + pair + "\". Must be of the form: name=value");
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    private static List<String> split(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }
}
