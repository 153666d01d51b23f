package io.drydock.image.archive.diff;

import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import io.drydock.linux.XattrCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes files of a tree as entries of a layer. Nothing is opened through a link: somebody may still be changing the tree.
 * Times are whole seconds, as in the original's layers. Not for several threads.
 */
final class DiffEntries {
    private static final int BUFFER = 128 * 1024;

    private final FileCalls files;
    private final XattrCalls xattrs;
    private final TarWriter tar;
    private final long latest;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    /** Files with several names, by what they are on disk. */
    private final Map<Inode, String> names = new HashMap<>();

    private record Inode(long device, long inode) {}

    /** @param latest second since 1970; what was modified later is written as if then */
    DiffEntries(Linux linux, TarWriter tar, long latest) {
        this.files = linux.files();
        this.xattrs = linux.xattrs();
        this.tar = tar;
        this.latest = latest;
    }

    /** The deletion of a file of the layers below. */
    void whiteout(String path) throws IOException {
        int slash = path.lastIndexOf('/') + 1;
        mark(path.substring(0, slash) + ".wh." + path.substring(slash));
    }

    /** The deletion of all that the layers below have in a directory. */
    void opaque(String directory) throws IOException {
        mark(directory.isEmpty() ? ".wh..wh..opq" : directory + "/.wh..wh..opq");
    }

    private void mark(String path) throws IOException {
        tar.put(TarEntry.file(path, 0, 0, 0));
    }

    /**
     * Anything in a directory; of a directory only itself. Sockets are left out: a layer cannot hold them.
     *
     * @param path from the tree's root, without a slash at its beginning
     */
    void put(Fd directory, String name, String path, Stat stat) throws IOException {
        switch (stat.mode() & Mode.TYPE_MASK) {
            case Mode.DIRECTORY -> tar.put(entry(path + "/", TarType.DIRECTORY, stat, 0, "", xattrs(directory, name)));
            case Mode.REGULAR -> file(directory, name, path, stat);
            case Mode.SYMLINK ->
                tar.put(entry(path, TarType.SYMLINK, stat, 0, files.readlinkat(directory, name), Map.of()));
            case Mode.CHAR_DEVICE -> node(path, TarType.CHAR_DEVICE, stat);
            case Mode.BLOCK_DEVICE -> node(path, TarType.BLOCK_DEVICE, stat);
            case Mode.FIFO -> node(path, TarType.FIFO, stat);
            default -> {}
        }
    }

    private void node(String path, TarType type, Stat stat) throws IOException {
        if (!linked(path, stat)) {
            tar.put(entry(path, type, stat, 0, "", Map.of()));
        }
    }

    /** Writes a link if the file has been written under another name. */
    private boolean linked(String path, Stat stat) throws IOException {
        if (stat.links() < 2) {
            return false;
        }
        var first = names.putIfAbsent(new Inode(stat.device(), stat.inode()), path);
        if (first != null) {
            tar.put(entry(path, TarType.HARD_LINK, stat, 0, first, Map.of()));
        }
        return first != null;
    }

    private void file(Fd directory, String name, String path, Stat stat) throws IOException {
        if (linked(path, stat)) {
            return;
        }
        try (Fd fd = files.openat(directory, name, O.RDONLY | O.NOFOLLOW | O.NONBLOCK, 0)) {
            var opened = files.fstat(fd);
            if (!opened.isRegular()) {
                throw new IOException("file \"" + path + "\" has been replaced");
            }
            var kept = new LinkedHashMap<String, byte[]>();
            for (String key : xattrs.flist(fd)) {
                if (wanted(key)) {
                    keep(kept, key, xattrs.fget(fd, key));
                }
            }
            tar.put(entry(path, TarType.FILE, opened, opened.size(), "", kept), content(fd));
        }
    }

    private InputStream content(Fd fd) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                buffer.clear().limit(Math.min(length, BUFFER));
                int count = files.read(fd, buffer);
                if (count == 0) {
                    return -1;
                }
                buffer.flip().get(target, offset, count);
                return count;
            }
        };
    }

    private Map<String, byte[]> xattrs(Fd directory, String name) throws IOException {
        var kept = new LinkedHashMap<String, byte[]>();
        String path = directory.procPath() + "/" + name;
        for (String key : xattrs.llist(path)) {
            if (wanted(key)) {
                keep(kept, key, xattrs.lget(path, key));
            }
        }
        return kept;
    }

    private static void keep(Map<String, byte[]> kept, String key, byte @Nullable [] value) {
        if (value != null) {
            kept.put(key, value);
        }
    }

    /** What belongs to the file, not to this machine's security modules or to overlayfs. */
    private static boolean wanted(String xattr) {
        return xattr.equals("security.capability") || xattr.startsWith("user.") && !xattr.startsWith("user.overlay.");
    }

    private TarEntry entry(String path, TarType type, Stat stat, long size, String link, Map<String, byte[]> xattrs) {
        boolean device = type == TarType.CHAR_DEVICE || type == TarType.BLOCK_DEVICE;
        return new TarEntry(
                path,
                type,
                stat.mode() & 07777,
                stat.uid() & 0xffffffffL,
                stat.gid() & 0xffffffffL,
                "",
                "",
                size,
                new TarEntry.TarTime(Math.min(stat.modified().seconds(), latest), 0),
                link,
                device
                        ? new TarEntry.Device(Mode.major(stat.specialDevice()), Mode.minor(stat.specialDevice()))
                        : TarEntry.Device.NONE,
                xattrs,
                List.of());
    }
}
