package io.drydock.e2e;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the Engine API's description says of operations: their status codes, and the names and types of what they answer. The
 * resource {@code engine-api.json} holds these facts of version 1.56 and no texts.
 */
final class ApiDescription {
    private final Map<?, ?> operations;
    private final Map<?, ?> definitions;

    private ApiDescription(Map<?, ?> document) {
        this.operations = map(document.get("operations"));
        this.definitions = map(document.get("definitions"));
    }

    static ApiDescription read() {
        try (var in = Objects.requireNonNull(ApiDescription.class.getResourceAsStream("/engine-api.json"))) {
            return new ApiDescription(map(Jsonb.instance().type(Object.class).fromJson(in.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /** All operations, {@code GET /info} and the like. */
    Set<String> operations() {
        var names = new LinkedHashSet<String>();
        operations.keySet().forEach(name -> names.add(String.valueOf(name)));
        return names;
    }

    /** What is wrong with an answer; empty if nothing. */
    List<String> problems(String operation, int status, String body) {
        var answers = map(operations.get(operation));
        if (!answers.containsKey(Integer.toString(status))) {
            return List.of(operation + ": status " + status + " is not described: " + body);
        }
        var schema = map(answers.get(Integer.toString(status)));
        var problems = new ArrayList<String>();
        boolean json = !schema.isEmpty() && !"string".equals(schema.get("type"));
        if (json) {
            check(schema, Jsonb.instance().type(Object.class).fromJson(body), operation + " " + status, problems);
        }
        return problems;
    }

    /** A schema with those that it refers to put into it. */
    private Map<String, Object> flat(Map<?, ?> schema) {
        var flat = new LinkedHashMap<String, Object>();
        var members = new LinkedHashMap<Object, Object>();
        var required = new ArrayList<Object>();
        if (schema.get("ref") instanceof String name) {
            absorb(flat(map(definitions.get(name))), flat, members, required);
        }
        list(schema.get("all")).forEach(part -> absorb(flat(map(part)), flat, members, required));
        absorb(schema, flat, members, required);
        flat.put("members", members);
        flat.put("required", required);
        return flat;
    }

    private static void absorb(
            Map<?, ?> from, Map<String, Object> flat, Map<Object, Object> members, List<Object> required) {
        from.forEach((key, value) -> flat.put(String.valueOf(key), value));
        members.putAll(map(from.get("members")));
        required.addAll(list(from.get("required")));
    }

    private void check(Map<?, ?> wanted, @Nullable Object value, String place, List<String> problems) {
        var schema = flat(wanted);
        String type = schema.get("type") instanceof String text
                ? text
                : map(schema.get("members")).isEmpty() ? "" : "object";
        if (value == null) {
            return; // Go's servers write null for what was never made or is unknown
        }
        boolean fits =
                switch (type) {
                    case "string" -> value instanceof String;
                    case "integer" ->
                        value instanceof Long
                                || value instanceof Integer
                                || value instanceof Number number && number.doubleValue() % 1 == 0;
                    case "number" -> value instanceof Number;
                    case "boolean" -> value instanceof Boolean;
                    case "array" -> value instanceof List;
                    case "object" -> value instanceof Map;
                    default -> true;
                };
        if (!fits) {
            problems.add(place + ": not a " + type + ": " + value);
            return;
        }
        if (value instanceof List<?> elements) {
            int number = 0;
            for (Object element : elements) {
                check(map(schema.get("items")), element, place + "[" + number++ + "]", problems);
            }
        }
        if (value instanceof Map<?, ?> object) {
            object(schema, object, place, problems);
        }
    }

    private void object(Map<String, Object> schema, Map<?, ?> object, String place, List<String> problems) {
        var members = map(schema.get("members"));
        for (Object name : list(schema.get("required"))) {
            // the description requires it of the parent of the member that has it
            if (!object.containsKey(name) && !name.equals("UnpackedSize")) {
                problems.add(place + ": " + name + " is missing");
            }
        }
        object.forEach((name, value) -> {
            if (members.containsKey(name)) {
                check(map(members.get(name)), value, place + "." + name, problems);
            } else if (schema.containsKey("values")) {
                check(map(schema.get("values")), value, place + "." + name, problems);
            } else if (!members.isEmpty()) {
                problems.add(place + ": " + name + " is not described");
            }
        });
    }
}
