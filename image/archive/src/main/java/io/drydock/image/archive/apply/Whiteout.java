package io.drydock.image.archive.apply;

import io.drydock.image.archive.apply.ApplyOptions.Whiteouts;
import io.drydock.linux.At;
import io.drydock.linux.DirEntry;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import io.drydock.linux.XattrCalls;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Deletions as layers record them (image-spec, "Whiteouts"): {@code .wh.NAME} deletes NAME of the layers below,
 * {@code .wh..wh..opq} everything that they have in this directory.
 */
final class Whiteout {
    static final String PREFIX = ".wh.";
    static final String OPAQUE = ".wh..wh..opq";
    private static final String META = ".wh..wh.";
    private static final byte[] YES = {'y'};

    private final FileCalls files;
    private final XattrCalls xattrs;
    private final Whiteouts kind;
    private final Directories directories;
    /** With {@link Whiteouts#REMOVE}: what this layer has brought and its own whiteouts must not remove. */
    private final Set<String> brought = new HashSet<>();

    Whiteout(Linux linux, Whiteouts kind, Directories directories) {
        this.files = linux.files();
        this.xattrs = linux.xattrs();
        this.kind = kind;
        this.directories = directories;
    }

    static boolean is(EntryPath path) {
        return path.name().startsWith(PREFIX);
    }

    /** Whether a file is a whiteout in overlayfs's form. */
    boolean isWhiteout(Stat file) {
        return kind != Whiteouts.REMOVE && file.is(Mode.CHAR_DEVICE) && file.specialDevice() == 0;
    }

    /** Remembers that the layer has an entry at this path. */
    void unpacked(EntryPath path) {
        if (kind != Whiteouts.REMOVE) {
            return;
        }
        String full = path.full();
        while (brought.add(full) && full.lastIndexOf('/') > 0) {
            full = full.substring(0, full.lastIndexOf('/'));
        }
    }

    void apply(Fd parent, EntryPath path) throws IOException {
        if (path.name().equals(OPAQUE)) {
            if (kind == Whiteouts.REMOVE) {
                removeOld(parent, path.parent());
            } else {
                makeOpaque(parent);
            }
            return;
        }
        if (path.name().startsWith(META)) {
            return; // AUFS's own records, as in old images
        }
        String name = path.name().substring(PREFIX.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IOException("invalid whiteout \"" + path + "\"");
        }
        if (kind == Whiteouts.REMOVE) {
            if (!brought.contains(path.parent().isEmpty() ? name : path.parent() + "/" + name)) {
                remove(parent, name);
            }
        } else {
            markDeleted(parent, name);
        }
    }

    private void markDeleted(Fd parent, String name) throws IOException {
        try {
            files.mknodat(parent, name, Mode.CHAR_DEVICE, 0);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            // this layer has put something there, which hides what is below; a directory hides it only if it is opaque
            if (files.statat(parent, name, At.SYMLINK_NOFOLLOW).isDirectory()) {
                try (Fd directory = files.openat(parent, name, O.PATH | O.DIRECTORY | O.NOFOLLOW, 0)) {
                    makeOpaque(directory);
                }
            }
        }
    }

    /** Hides what layers below have in this directory. */
    void makeOpaque(Fd directory) throws IOException {
        String name = kind == Whiteouts.OVERLAY_USER ? "user.overlay.opaque" : "trusted.overlay.opaque";
        xattrs.set(directory.procPath(), name, YES);
    }

    /** Removes a file or a whole tree; nothing happens if it is not there. Never follows a link. */
    void remove(Fd parent, String name) throws IOException {
        try {
            files.unlinkat(parent, name, 0);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return;
            }
            if (e.errno() != Errno.EISDIR && e.errno() != Errno.EPERM) {
                throw e;
            }
            try (Fd directory = files.openat(parent, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0)) {
                for (DirEntry child : files.readDirectory(directory)) {
                    remove(directory, child.name());
                }
            }
            files.unlinkat(parent, name, At.REMOVEDIR);
        }
        directories.forget();
    }

    /** Removes what this layer has not brought. */
    private void removeOld(Fd parent, String path) throws IOException {
        try (Fd directory = files.openat(parent, ".", O.RDONLY | O.DIRECTORY, 0)) {
            for (DirEntry child : files.readDirectory(directory)) {
                String full = path.isEmpty() ? child.name() : path + "/" + child.name();
                if (!brought.contains(full)) {
                    remove(directory, child.name());
                } else if (child.type() == Mode.DIRECTORY) {
                    try (Fd below = files.openat(directory, child.name(), O.PATH | O.DIRECTORY | O.NOFOLLOW, 0)) {
                        removeOld(below, full);
                    }
                }
            }
        }
    }
}
