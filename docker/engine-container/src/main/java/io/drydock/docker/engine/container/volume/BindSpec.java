package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.spec.engine.EngineException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** What {@code -v source:destination:mode} means. */
final class BindSpec {
    static final Set<String> PROPAGATION = Set.of("shared", "slave", "private", "rshared", "rslave", "rprivate");
    private static final Set<String> ACCESS = Set.of("ro", "rw");
    private static final Set<String> OTHERS = Set.of("z", "Z", "nocopy", "consistent", "cached", "delegated");

    private BindSpec() {}

    static MountPlan parse(String text, String driver, Volumes volumes) {
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || parts.length == 3 && parts[0].isEmpty() || text.isEmpty()) {
            throw EngineException.invalid("invalid volume specification: '" + text + "'");
        }
        String source = parts.length == 1 ? "" : parts[0];
        String destination = parts.length == 1 ? parts[0] : parts[1];
        String mode = parts.length == 3 ? parts[2] : "";
        if (!destination.startsWith("/")) {
            throw EngineException.invalid("invalid volume specification: '" + text
                    + "': invalid mount config for type \"" + (source.startsWith("/") ? "bind" : "volume")
                    + "\": invalid mount path: '" + destination + "' mount path must be absolute");
        }
        destination = clean(destination);
        if (destination.equals("/")) {
            throw EngineException.invalid(
                    "invalid volume specification: '" + text + "': invalid mount config for type \""
                            + (source.startsWith("/") ? "bind" : "volume")
                            + "\": invalid specification: destination can't be '/'");
        }
        var words = Set.of(mode.isEmpty() ? new String[0] : distinct(mode));
        words.forEach(word -> {
            if (!PROPAGATION.contains(word) && !ACCESS.contains(word) && !OTHERS.contains(word)) {
                throw EngineException.invalid("invalid mode: " + mode);
            }
        });
        if (words.stream().filter(ACCESS::contains).count() > 1
                || words.stream().filter(PROPAGATION::contains).count() > 1) {
            throw EngineException.invalid("invalid mode: " + mode);
        }
        boolean writable = !words.contains("ro");
        String propagation =
                words.stream().filter(PROPAGATION::contains).findFirst().orElse("");
        if (source.startsWith("/")) {
            Path path = Path.of(source).normalize();
            MountPlanner.present(path, true);
            return new MountPlan(
                    "bind",
                    "",
                    path.toString(),
                    destination,
                    "",
                    mode,
                    writable,
                    propagation.isEmpty() ? "rprivate" : propagation,
                    false,
                    "",
                    false);
        }
        var volume =
                source.isEmpty() ? volumes.createAnonymous(driver) : volumes.ensure(source, driver, Map.of(), Map.of());
        boolean labelled = !source.isEmpty() && volume.driver().equals(VolumeRecord.LOCAL) && mode.isEmpty();
        return new MountPlan(
                "volume",
                volume.name(),
                volumes.mountpoint(volume),
                destination,
                volume.driver(),
                labelled ? "z" : mode,
                writable,
                "",
                source.isEmpty() || !words.contains("nocopy"),
                "",
                source.isEmpty());
    }

    private static String[] distinct(String mode) {
        return java.util.Arrays.stream(mode.split(",")).distinct().toArray(String[]::new);
    }

    /** The path without dots, double slashes and a slash at the end. */
    static String clean(String path) {
        return Path.of(path).normalize().toString();
    }
}
