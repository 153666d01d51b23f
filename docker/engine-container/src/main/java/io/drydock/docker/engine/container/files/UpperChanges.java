package io.drydock.docker.engine.container.files;

import io.drydock.containerd.client.Mount;
import io.drydock.linux.At;
import io.drydock.linux.DirEntry;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.spec.engine.FilesystemChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a container has changed: its upper directory compared with the layers below. */
public final class UpperChanges {
    private static final int CHANGED = 0;
    private static final int ADDED = 1;
    private static final int DELETED = 2;

    private final Linux linux;
    private final String upper;
    private final List<String> lower;
    private final List<FilesystemChange> changes = new ArrayList<>();

    private UpperChanges(Linux linux, String upper, List<String> lower) {
        this.linux = linux;
        this.upper = upper;
        this.lower = lower;
    }

    /** The changes by path. */
    public static List<FilesystemChange> of(Linux linux, List<Mount> mounts) throws IOException {
        var lower = List.<String>of();
        for (String option : mounts.getFirst().options()) {
            lower = option.startsWith("lowerdir=") ? List.of(option.substring(9).split(":")) : lower;
        }
        var found = new UpperChanges(linux, upper(mounts), lower);
        try (Fd root = linux.files().open(found.upper, O.RDONLY | O.DIRECTORY)) {
            found.walk(root, "");
        }
        found.changes.sort(Comparator.comparing(FilesystemChange::path));
        return found.changes;
    }

    /** The directory with what has been written; that of a snapshot without layers below is the root itself. */
    public static String upper(List<Mount> mounts) {
        String upper = mounts.getFirst().source();
        for (String option : mounts.getFirst().options()) {
            upper = option.startsWith("upperdir=") ? option.substring(9) : upper;
        }
        return upper;
    }

    private void walk(Fd directory, String path) throws IOException {
        for (DirEntry entry : linux.files().readDirectory(directory)) {
            String name = path + "/" + entry.name();
            var stat = linux.files().statat(directory, entry.name(), At.SYMLINK_NOFOLLOW);
            if (stat.is(Mode.CHAR_DEVICE) && stat.specialDevice() == 0) {
                changes.add(new FilesystemChange(name, DELETED));
                continue;
            }
            changes.add(new FilesystemChange(name, below(name) ? CHANGED : ADDED));
            if (stat.isDirectory()) {
                try (Fd child = linux.files().openat(directory, entry.name(), O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0)) {
                    walk(child, name);
                }
            }
        }
    }

    private boolean below(String name) {
        for (String layer : lower) {
            try {
                var stat = linux.files().statat(Fd.CWD, layer + name, At.SYMLINK_NOFOLLOW);
                return !(stat.is(Mode.CHAR_DEVICE) && stat.specialDevice() == 0);
            } catch (LinuxException notThere) {
                continue;
            }
        }
        return false;
    }
}
