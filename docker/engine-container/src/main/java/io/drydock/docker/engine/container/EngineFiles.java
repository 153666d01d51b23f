package io.drydock.docker.engine.container;

import io.drydock.spec.engine.FilesystemChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The mount points that a start leaves in a container's root: no change that its program has made. */
final class EngineFiles {
    private static final int CHANGED = 0;
    private static final Set<String> POINTS = Set.of(
            "/dev",
            "/dev/console",
            "/dev/mqueue",
            "/dev/pts",
            "/dev/shm",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/mtab",
            "/etc/resolv.conf",
            "/proc",
            "/sys",
            "/.dockerenv");
    private static final Set<String> PARENTS = Set.of("/dev", "/etc");

    private EngineFiles() {}

    /** The changes without them, and without directories that changed for their sake only. */
    static List<FilesystemChange> without(List<FilesystemChange> changes) {
        var left = new ArrayList<FilesystemChange>();
        for (FilesystemChange change : changes) {
            if (!POINTS.contains(change.path()) || change.kind() == CHANGED && !PARENTS.contains(change.path())) {
                left.add(change);
            }
        }
        left.removeIf(change -> PARENTS.contains(change.path())
                && change.kind() == CHANGED
                && left.stream().noneMatch(other -> other.path().startsWith(change.path() + "/")));
        return left;
    }
}
