package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What {@code labels}, {@code labels-regex}, {@code env} and {@code env-regex} add to each line. */
final class LogAttributes {
    private LogAttributes() {}

    /**
     * The labels and variables of a container that its log options choose, by name.
     *
     * @param rename how a driver writes names
     */
    static Map<String, String> of(LogInfo info, UnaryOperator<String> rename) {
        var chosen = new TreeMap<String, String>();
        choose(info, "labels", info.labels(), rename, chosen);
        choose(info, "env", variables(info), rename, chosen);
        return chosen;
    }

    private static Map<String, String> variables(LogInfo info) {
        var variables = new LinkedHashMap<String, String>();
        for (String entry : info.env()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables;
    }

    private static void choose(
            LogInfo info,
            String option,
            Map<String, String> all,
            UnaryOperator<String> rename,
            Map<String, String> chosen) {
        for (String name : info.option(option, "").split(",")) {
            String value = all.get(name);
            if (value != null) {
                chosen.put(rename.apply(name), value);
            }
        }
        var pattern = pattern(info.option(option + "-regex", ""));
        if (pattern != null) {
            all.forEach((name, value) -> {
                if (pattern.matcher(name).find()) {
                    chosen.put(rename.apply(name), value);
                }
            });
        }
    }

    private static @Nullable Pattern pattern(String text) {
        try {
            return text.isEmpty() ? null : Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw EngineException.invalid("error parsing regexp: " + e.getDescription() + ": `" + text + "`");
        }
    }
}
