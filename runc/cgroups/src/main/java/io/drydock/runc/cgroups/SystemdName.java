package io.drydock.runc.cgroups;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What systemd calls a container's group.
 *
 * @param slice the unit it is part of, for example {@code system.slice}
 * @param unit {@code PREFIX-NAME.scope}, or a slice of its own
 * @param container the name, for people
 */
record SystemdName(String slice, String unit, String container) {
    /** The spec's {@code cgroupsPath} is {@code slice:prefix:name}; without one it is {@code system.slice:runc:ID}. */
    static SystemdName of(@Nullable String path, String id, boolean rootless) throws IOException {
        String standard = rootless ? "user.slice" : "system.slice";
        if (path == null || path.isEmpty()) {
            return named(standard, "runc", id);
        }
        String[] parts = path.split(":", -1);
        if (parts.length != 3) {
            throw new IOException(
                    "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"" + path
                            + "\" instead");
        }
        return named(parts[0].isEmpty() ? standard : parts[0], parts[1], parts[2]);
    }

    private static SystemdName named(String slice, String prefix, String name) {
        return new SystemdName(slice, name.endsWith(".slice") ? name : prefix + '-' + name + ".scope", name);
    }

    boolean isSlice() {
        return unit.endsWith(".slice");
    }

    /** The group's path in each hierarchy, absolute. */
    String path() throws IOException {
        String above = expand(slice);
        return (above.equals("/") ? "" : above) + '/' + unit;
    }

    /** {@code test-a-b.slice} is {@code /test.slice/test-a.slice/test-a-b.slice}. */
    static String expand(String slice) throws IOException {
        IOException invalid = new IOException("invalid slice name: " + slice);
        if (!slice.endsWith(".slice") || slice.indexOf('/') >= 0 || slice.length() == ".slice".length()) {
            throw invalid;
        }
        String name = slice.substring(0, slice.length() - ".slice".length());
        if (name.equals("-")) {
            return "/";
        }
        StringBuilder path = new StringBuilder();
        StringBuilder prefix = new StringBuilder();
        for (String part : name.split("-", -1)) {
            if (part.isEmpty()) {
                throw invalid;
            }
            path.append('/').append(prefix).append(part).append(".slice");
            prefix.append(part).append('-');
        }
        return path.toString();
    }
}
