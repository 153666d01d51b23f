package io.drydock.runc.cgroups;

import io.drydock.runc.cgroups.dbus.Variant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Annotations {@code org.systemd.property.NAME}: properties of the unit in GVariant's text form, the simple types of it. */
final class SystemdAnnotations {
    private static final String PREFIX = "org.systemd.property.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z]{3,}");
    private static final Pattern NUMBER = Pattern.compile("(?:(int32|uint32|int64|uint64)\\s+)?(-?[0-9]{1,20})");

    private SystemdAnnotations() {}

    static List<Object> properties(Map<String, String> annotations) throws IOException {
        List<Object> properties = new ArrayList<>();
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            if (annotation.getKey().startsWith(PREFIX)) {
                String name = annotation.getKey().substring(PREFIX.length());
                if (!NAME.matcher(name).matches()) {
                    throw new IOException("annotation " + annotation.getKey() + ": invalid name");
                }
                properties.add(property(
                        name, value(annotation.getKey(), annotation.getValue().strip())));
            }
        }
        return properties;
    }

    private static Variant value(String annotation, String text) throws IOException {
        if (text.equals("true") || text.equals("false")) {
            return Variant.of(text.equals("true"));
        }
        boolean quoted = text.length() > 1 && (text.startsWith("'") || text.startsWith("\""));
        if (quoted && text.charAt(text.length() - 1) == text.charAt(0)) {
            return Variant.of(text.substring(1, text.length() - 1));
        }
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw new IOException("annotation " + annotation + ": value \"" + text + "\" is not supported");
        }
        try {
            return switch (number.group(1) == null ? "int32" : number.group(1)) {
                case "uint32" -> new Variant("u", Integer.parseUnsignedInt(number.group(2)));
                case "int64" -> new Variant("x", Long.parseLong(number.group(2)));
                case "uint64" -> new Variant("t", Long.parseUnsignedLong(number.group(2)));
                default -> new Variant("i", Integer.parseInt(number.group(2)));
            };
        } catch (NumberFormatException e) {
            throw new IOException("annotation " + annotation + ": value \"" + text + "\" is out of range", e);
        }
    }

    /** {@code …Sec} is written in seconds and told in microseconds, as {@code …USec}. */
    private static Object property(String name, Variant value) {
        if (name.endsWith("Sec") && !name.endsWith("USec") && value.value() instanceof Number seconds) {
            String told = name.substring(0, name.length() - 3) + "USec";
            return Systemd.property(told, Variant.of(seconds.longValue() * 1_000_000));
        }
        return Systemd.property(name, value);
    }
}
