package io.drydock.docker.engine.container.files;

import io.drydock.image.archive.apply.ApplyOptions;
import io.drydock.image.archive.apply.LayerApplier;
import io.drydock.image.archive.apply.OtherKindException;
import io.drydock.linux.At;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.PathStat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;

/** One path of a container: its stat, its archive, and the unpacking of one. */
public final class PathArchive {
    private static final long GO_DIRECTORY = 1L << 31;
    private static final long GO_SYMLINK = 1L << 27;
    private static final long GO_DEVICE = 1L << 26;
    private static final long GO_FIFO = 1L << 25;
    private static final long GO_SOCKET = 1L << 24;
    private static final long GO_SETUID = 1L << 23;
    private static final long GO_SETGID = 1L << 22;
    private static final long GO_CHAR_DEVICE = 1L << 21;
    private static final long GO_STICKY = 1L << 20;

    private final ContainerRoot root;
    private final String path;
    private final String container;

    /**
     * @param path in the root, absolute
     * @param container as the user named it, for messages
     */
    public PathArchive(ContainerRoot root, String path, String container) {
        this.root = root;
        this.path = path.startsWith("/") ? path : "/" + path;
        this.container = container;
    }

    private EngineException missing(IOException e) {
        if (e instanceof LinuxException linux && (linux.errno() == Errno.ENOENT || linux.errno() == Errno.ENOTDIR)) {
            return EngineException.notFound("Could not find the file " + path + " in container " + container);
        }
        return EngineException.system(String.valueOf(e.getMessage()), e);
    }

    /** What is there; a link is not followed. */
    public PathStat stat() {
        boolean follow = path.endsWith("/") || path.endsWith("/.");
        try (Fd fd = root.open(trimmed(), O.PATH | (follow ? 0 : O.NOFOLLOW))) {
            var stat = root.linux().files().fstat(fd);
            String link = stat.isSymlink() ? root.linux().files().readlinkat(fd, "") : "";
            String time = Instant.ofEpochSecond(
                            stat.modified().seconds(), stat.modified().nanos())
                    .toString();
            return new PathStat(base(), stat.size(), goMode(stat), time, link);
        } catch (IOException e) {
            throw missing(e);
        }
    }

    private String trimmed() {
        String text = path;
        while (text.length() > 1 && (text.endsWith("/") || text.endsWith("/."))) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    private String base() {
        String text = trimmed();
        return text.equals("/") ? "/" : text.substring(text.lastIndexOf('/') + 1);
    }

    private static long goMode(Stat stat) {
        long mode = stat.mode() & 0777;
        mode |= (stat.mode() & Mode.SETUID) != 0 ? GO_SETUID : 0;
        mode |= (stat.mode() & Mode.SETGID) != 0 ? GO_SETGID : 0;
        mode |= (stat.mode() & Mode.STICKY) != 0 ? GO_STICKY : 0;
        mode |= stat.isDirectory() ? GO_DIRECTORY : 0;
        mode |= stat.isSymlink() ? GO_SYMLINK : 0;
        mode |= stat.is(Mode.BLOCK_DEVICE) ? GO_DEVICE : 0;
        mode |= stat.is(Mode.CHAR_DEVICE) ? GO_DEVICE | GO_CHAR_DEVICE : 0;
        mode |= stat.is(Mode.FIFO) ? GO_FIFO : 0;
        return mode | (stat.is(Mode.SOCKET) ? GO_SOCKET : 0);
    }

    /** Writes the archive: names begin with the path's last part, or with a dot for {@code path/.}. */
    public void write(OutputStream out) throws IOException {
        var tar = new TreeTar(root.linux(), out);
        String text = trimmed();
        if (text.equals("/") || path.endsWith("/.")) {
            try (Fd directory = root.open(text, O.RDONLY | O.DIRECTORY)) {
                tar.children(directory, text.equals("/") && !path.endsWith("/.") ? "" : "./");
            }
        } else {
            int slash = text.lastIndexOf('/');
            boolean follow = path.endsWith("/");
            try (Fd parent = root.open(text.substring(0, slash), O.RDONLY | O.DIRECTORY)) {
                boolean link = root.linux()
                        .files()
                        .statat(parent, base(), At.SYMLINK_NOFOLLOW)
                        .isSymlink();
                if (follow && link) {
                    // a slash behind a link asks for the directory it leads to, under the link's name
                    try (Fd directory = root.open(text, O.RDONLY | O.DIRECTORY)) {
                        tar.directory(directory, base());
                    }
                } else {
                    tar.put(parent, base(), base());
                }
            }
        }
        tar.finish();
    }

    /** Unpacks an archive into the directory that the path is. */
    public void unpack(InputStream tar, ApplyOptions options) throws IOException {
        Fd opened;
        try {
            opened = root.open(trimmed(), O.RDONLY);
        } catch (LinuxException e) {
            throw missing(e);
        }
        try (Fd directory = opened) {
            if (!root.linux().files().fstat(directory).isDirectory()) {
                throw EngineException.invalid("extraction point is not a directory");
            }
            new LayerApplier(root.linux()).apply(tar, Path.of(directory.procPath()), options);
        } catch (OtherKindException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
