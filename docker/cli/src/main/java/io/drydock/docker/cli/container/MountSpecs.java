package io.drydock.docker.cli.container;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code --mount}. */
final class MountSpecs {
    private MountSpecs() {}

    /** One mount as the engine takes it. */
    static Map<String, Object> parse(String text) throws FlagException {
        var mount = new LinkedHashMap<String, Object>();
        var bind = new LinkedHashMap<String, Object>();
        var volume = new LinkedHashMap<String, Object>();
        var tmpfs = new LinkedHashMap<String, Object>();
        var image = new LinkedHashMap<String, Object>();
        mount.put("Type", "volume");
        for (String field : fields(text)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase();
            String value = equals < 0 ? null : field.substring(equals + 1);
            if (value == null && !isSwitch(key)) {
                throw new FlagException("invalid field '" + field + "' must be a key=value pair");
            }
            String v = value == null ? "true" : value;
            switch (key) {
                case "type" -> mount.put("Type", v.toLowerCase());
                case "source", "src" ->
                    mount.put(
                            "Source",
                            v.equals(".") || v.startsWith("./") || v.startsWith("../") || v.equals("..")
                                    ? Path.of(v).toAbsolutePath().normalize().toString()
                                    : v);
                case "target", "dst", "destination" -> mount.put("Target", v);
                case "readonly", "ro" -> mount.put("ReadOnly", bool(key, v));
                case "consistency" -> mount.put("Consistency", v.toLowerCase());
                case "bind-propagation" -> bind.put("Propagation", v.toLowerCase());
                case "bind-nonrecursive" -> bind.put("NonRecursive", bool(key, v));
                case "bind-recursive" -> recursive(bind, v);
                case "volume-nocopy" -> volume.put("NoCopy", bool(key, v));
                case "volume-subpath" -> volume.put("Subpath", v);
                case "image-subpath" -> image.put("Subpath", v);
                case "volume-label" -> CreateOptions.pair(strings(volume, "Labels"), v);
                case "volume-driver" -> driver(volume).put("Name", v);
                case "volume-opt" -> CreateOptions.pair(strings(driver(volume), "Options"), v);
                case "tmpfs-size" -> tmpfs.put("SizeBytes", size(key, v));
                case "tmpfs-mode" -> tmpfs.put("Mode", mode(key, v));
                default -> throw new FlagException("unexpected key '" + key + "' in '" + field + "'");
            }
        }
        String type = (String) mount.get("Type");
        if (!mount.containsKey("Target")) {
            throw new FlagException("target is required");
        }
        only(type, "volume", volume);
        only(type, "bind", bind);
        only(type, "tmpfs", tmpfs);
        only(type, "image", image);
        add(mount, "VolumeOptions", volume);
        add(mount, "BindOptions", bind);
        add(mount, "TmpfsOptions", tmpfs);
        add(mount, "ImageOptions", image);
        return mount;
    }

    private static boolean isSwitch(String key) {
        return switch (key) {
            case "readonly", "ro", "volume-nocopy", "bind-nonrecursive" -> true;
            default -> false;
        };
    }

    private static void only(String type, String wanted, Map<String, Object> options) throws FlagException {
        if (!options.isEmpty() && !type.equals(wanted)) {
            throw new FlagException("cannot mix '" + wanted + "-*' options with mount type '" + type + "'");
        }
    }

    private static void add(Map<String, Object> mount, String name, Map<String, Object> options) {
        if (!options.isEmpty()) {
            mount.put(name, options);
        }
    }

    private static void recursive(Map<String, Object> bind, String v) throws FlagException {
        switch (v) {
            case "enabled" -> {}
            case "disabled" -> bind.put("NonRecursive", true);
            case "writable" -> bind.put("ReadOnlyNonRecursive", true);
            case "readonly" -> bind.put("ReadOnlyForceRecursive", true);
            default ->
                throw new FlagException("invalid value for bind-recursive: " + v
                        + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> strings(Map<String, Object> in, String name) {
        return (Map<String, String>) in.computeIfAbsent(name, n -> new LinkedHashMap<String, String>());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> driver(Map<String, Object> volume) {
        return (Map<String, Object>) volume.computeIfAbsent("DriverConfig", n -> new LinkedHashMap<String, Object>());
    }

    private static boolean bool(String key, String v) throws FlagException {
        try {
            return FlagValues.bool(v);
        } catch (FlagException e) {
            throw new FlagException("invalid value for " + key + ": " + v);
        }
    }

    private static long size(String key, String v) throws FlagException {
        try {
            return FlagValues.bytes(v);
        } catch (FlagException e) {
            throw new FlagException("invalid value for " + key + ": " + v);
        }
    }

    private static long mode(String key, String v) throws FlagException {
        try {
            return Long.parseLong(v, 8);
        } catch (NumberFormatException e) {
            throw new FlagException("invalid value for " + key + ": " + v);
        }
    }

    /** The fields of one line of comma-separated values: a field in double quotes may have commas. */
    static List<String> fields(String line) throws FlagException {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new FlagException("parse error on line 1, column " + (line.length() + 1)
                    + ": extraneous or missing \" in quoted-field");
        }
        fields.add(field.toString());
        return fields;
    }

    /** The value of a key among fields, or null. */
    static @Nullable String value(List<String> fields, String key) {
        for (String f : fields) {
            if (f.startsWith(key + "=")) {
                return f.substring(key.length() + 1);
            }
        }
        return null;
    }
}
