package io.drydock.image.archive.apply;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import io.drydock.linux.Stat;
import io.drydock.linux.XattrCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives directories that a layer uses without describing them ({@link AppliedLayer#implied}) the owner, mode, attributes and
 * time they have in the layers below, once those are there: in an overlay the upper directory's attributes are what is seen.
 */
public final class ImpliedDirectories {
    private static final long BENEATH = Resolve.BENEATH | Resolve.NO_SYMLINKS;

    private final FileCalls files;
    private final XattrCalls xattrs;

    /** Works with this kernel's calls. */
    public ImpliedDirectories(Linux linux) {
        files = linux.files();
        xattrs = linux.xattrs();
    }

    /**
     * Copies the attributes.
     *
     * @param layer the layer's directory (overlayfs's form)
     * @param implied its implied directories, outermost first
     * @param parents directories of the layers below, nearest first
     * @throws ParentNeededException if something else than a directory is there below: then the layer must be written onto a
     *     mount of its parents instead
     */
    public void adopt(Path layer, List<String> implied, List<Path> parents) throws IOException {
        if (parents.isEmpty()) {
            return;
        }
        try (Fd root = files.open(layer.toString(), O.RDONLY | O.DIRECTORY)) {
            // inner ones first: writing into a directory would change the time of the one around it
            for (String path : implied.reversed()) {
                adopt(root, path, parents);
            }
        }
    }

    private void adopt(Fd root, String path, List<Path> parents) throws IOException {
        for (Path parent : parents) {
            try (Fd below = files.open(parent.toString(), O.PATH | O.DIRECTORY)) {
                Fd source = find(below, path);
                if (source == null) {
                    if (hidden(below, path)) {
                        return;
                    }
                    continue;
                }
                try (source) {
                    Stat stat = files.fstat(source);
                    if (stat.is(Mode.CHAR_DEVICE) && stat.specialDevice() == 0) {
                        return;
                    }
                    if (!stat.isDirectory()) {
                        throw new ParentNeededException(
                                "layer goes through \"" + path + "\", which is no directory below");
                    }
                    copy(source, stat, root, path);
                    return;
                }
            }
        }
    }

    private @Nullable Fd find(Fd root, String path) throws LinuxException {
        try {
            return files.openat2(root, path.isEmpty() ? "." : path, O.PATH | O.NOFOLLOW, 0, BENEATH);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                return null;
            }
            throw e;
        }
    }

    /** Whether this layer hides what the layers below it have at a path: by an opaque directory or a file on the way. */
    private boolean hidden(Fd root, String path) throws IOException {
        String way = path;
        while (!way.isEmpty()) {
            int slash = way.lastIndexOf('/');
            way = slash < 0 ? "" : way.substring(0, slash);
            Fd found = find(root, way);
            if (found != null) {
                try (found) {
                    return !files.fstat(found).isDirectory() || isOpaque(found);
                }
            }
        }
        return false;
    }

    private boolean isOpaque(Fd directory) throws LinuxException {
        return xattrs.get(directory.procPath(), "trusted.overlay.opaque") != null
                || xattrs.get(directory.procPath(), "user.overlay.opaque") != null;
    }

    private void copy(Fd source, Stat stat, Fd root, String path) throws IOException {
        try (Fd target =
                files.openat2(root, path.isEmpty() ? "." : path, O.RDONLY | O.DIRECTORY, 0, Directories.INSIDE)) {
            files.fchown(target, stat.uid(), stat.gid());
            for (String name : xattrs.list(source.procPath())) {
                if (!name.startsWith("trusted.overlay.") && !name.startsWith("user.overlay.")) {
                    byte[] value = xattrs.get(source.procPath(), name);
                    if (value != null) {
                        xattrs.fset(target, name, value);
                    }
                }
            }
            files.fchmod(target, stat.mode() & 07777);
            files.utimensat(target, null, stat.modified(), stat.modified(), 0);
        }
    }
}
