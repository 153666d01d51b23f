package io.drydock.docker.cli.session;

import io.drydock.docker.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --filter name=value}, as the engine takes them. */
public final class Filters {
    private Filters() {}

    /** JSON of {@code {"name": {"value": true}}}, or empty if there are none. */
    public static String json(List<String> given) throws CliException {
        Map<String, Map<String, Boolean>> filters = parse(given);
        return filters.isEmpty() ? "" : Json.write(filters);
    }

    public static Map<String, Map<String, Boolean>> parse(List<String> given) throws CliException {
        var filters = new LinkedHashMap<String, Map<String, Boolean>>();
        for (String filter : given) {
            int equals = filter.indexOf('=');
            if (equals < 0) {
                throw new CliException(
                        "invalid argument \"" + filter
                                + "\" for \"-f, --filter\" flag: bad format of filter (expected name=value)",
                        125);
            }
            String name = filter.substring(0, equals).toLowerCase().strip();
            filters.computeIfAbsent(name, n -> new LinkedHashMap<>())
                    .put(filter.substring(equals + 1).strip(), true);
        }
        return filters;
    }
}
