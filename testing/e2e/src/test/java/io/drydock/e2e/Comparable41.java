package io.drydock.e2e;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What two engines write, made comparable: ids, times, addresses, sizes and each engine's directory become signs, JSON is
 * sorted by its names. Where newer versions of the original differ from 20.10 and this engine follows the newer, both become
 * the same.
 */
final class Comparable41 {
    private static final Pattern DOCUMENT = Pattern.compile("(?m)^\\[\\n(?:.*\\n)*?]$|^[\\[{].*[]}]$");
    /** Members whose values are each engine's own; whether they are there is compared. */
    private static final Set<String> OWN = Set.of(
            "Id",
            "ID",
            "Created",
            "CreatedAt",
            "Image",
            "GraphDriver",
            "SandboxID",
            "SandboxKey",
            "EndpointID",
            "NetworkID",
            "Pid",
            "StartedAt",
            "FinishedAt",
            "ResolvConfPath",
            "HostnamePath",
            "HostsPath",
            "LogPath",
            "Start",
            "End",
            "time",
            "timeNano");
    /** Paths that newer versions hide, too. */
    private static final Set<String> HIDDEN_LATER = Set.of("/proc/interrupts", "/sys/devices/virtual/powercap");

    private static final List<Map.Entry<Pattern, String>> SIGNS = List.of(
            sign("\\b[0-9a-f]{64}\\b", "<id>"),
            sign("\\b[0-9a-f]{12}\\b", "<short id>"),
            sign("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)", "<time>"),
            sign("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)? [+-]\\d{4} \\w+", "<time>"),
            sign("Less than a second|About a minute|\\d+ (seconds?|minutes?)", "<while>"),
            sign("172\\.17\\.0\\.\\d+", "<address>"),
            sign("02:42:ac:11:00:[0-9a-f]{2}", "<mac>"),
            sign("fe00::0", "fe00::"),
            sign("ff00::0", "ff00::"),
            sign("\\b\\d+(\\.\\d+)?k?B \\(virtual \\S+\\)", "<size>"),
            sign("(reclaimed space: )\\S+", "$1<size>"));

    private final JsonType<Object> any =
            Jsonb.builder().serializeNulls(true).serializeEmpty(true).build().type(Object.class);
    private final String directory;

    /**
     * @param directory the engine's own
     */
    Comparable41(String directory) {
        this.directory = directory;
    }

    private static Map.Entry<Pattern, String> sign(String pattern, String text) {
        return Map.entry(Pattern.compile(pattern), text);
    }

    /** The text without what is one engine's own. */
    String of(String text) {
        var out = text.replace(directory, "<directory>");
        out = DOCUMENT.matcher(out).replaceAll(document -> Matcher.quoteReplacement(sorted(document.group())));
        for (var sign : SIGNS) {
            out = sign.getKey().matcher(out).replaceAll(sign.getValue());
        }
        return out;
    }

    private String sorted(String json) {
        try {
            return lines(comparable(any.fromJson(json)), "");
        } catch (JsonException | IndexOutOfBoundsException notJson) {
            return json;
        }
    }

    private static Object comparable(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, Object>();
                map.forEach((name, member) -> sorted.put((String) name, member((String) name, member)));
                yield sorted;
            }
            case List<?> list ->
                list.stream()
                        .filter(item -> !HIDDEN_LATER.contains(String.valueOf(item)))
                        .map(item -> item == null ? "null" : comparable(item))
                        .sorted(Comparator.comparing(Comparable41::order))
                        .toList();
            case null -> "null";
            default -> value;
        };
    }

    private static Object member(String name, Object value) {
        boolean nothing = value == null || value.equals("") || value.equals(0L);
        if (OWN.contains(name) && !nothing) {
            return "*";
        }
        return name.equals("NetworkMode") && "default".equals(value) ? "bridge" : comparable(value);
    }

    /** Mounts have no order in the original. */
    private static String order(Object item) {
        return item instanceof Map<?, ?> map && map.get("Destination") instanceof String destination ? destination : "";
    }

    private static String lines(Object value, String indent) {
        var out = new StringBuilder();
        switch (value) {
            case Map<?, ?> map ->
                new LinkedHashMap<>(map)
                        .forEach((name, member) -> out.append('\n')
                                .append(indent)
                                .append(name)
                                .append(": ")
                                .append(lines(member, indent + "  ")));
            case List<?> list -> {
                out.append("[");
                list.forEach(
                        item -> out.append('\n').append(indent).append("- ").append(lines(item, indent + "  ")));
                out.append("]");
            }
            default -> out.append(value);
        }
        return out.toString();
    }
}
