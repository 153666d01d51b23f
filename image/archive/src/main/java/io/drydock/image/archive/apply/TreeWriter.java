package io.drydock.image.archive.apply;

import io.drydock.image.archive.tar.ByteSource;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarReader;
import io.drydock.image.archive.tar.TarType;
import io.drydock.linux.At;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the entries of one tar into one tree. Belongs to one thread. */
final class TreeWriter implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;

    private final FileCalls files;
    private final Fd root;
    private final ApplyOptions options;
    private final Directories directories;
    private final Attributes attributes;
    private final Whiteout whiteout;
    /** Directories' times are set last: writing into them changes them. */
    private final Map<String, TarEntry> times = new LinkedHashMap<>();

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private long entries;

    TreeWriter(Linux linux, Fd root, ApplyOptions options) {
        this.files = linux.files();
        this.root = root;
        this.options = options;
        this.directories = new Directories(files, root);
        this.attributes = new Attributes(
                linux, options.copying() == null ? null : options.copying().owner());
        this.whiteout = new Whiteout(linux, options.whiteouts(), directories);
    }

    void write(ByteSource source) throws IOException {
        TarReader tar = new TarReader(source);
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            if (++entries > options.maxEntries()) {
                throw new IOException("layer has more than " + options.maxEntries() + " entries");
            }
            try {
                write(entry, tar);
            } catch (LinuxException e) {
                throw new IOException("apply layer entry \"" + entry.name() + "\": " + e.getMessage(), e);
            }
        }
        setDirectoryTimes();
    }

    long entries() {
        return entries;
    }

    List<String> implied() {
        return directories.implied();
    }

    private void write(TarEntry entry, TarReader tar) throws IOException {
        EntryPath path = EntryPath.of(entry.name());
        if (options.copying() == null && Whiteout.is(path)) {
            whiteout.apply(parentOf(path), path);
            return;
        }
        if (path.isRoot()) {
            if (entry.type() != TarType.DIRECTORY) {
                throw new IOException("entry \"" + entry.name() + "\" would replace the root");
            }
            attributes.set(root, entry);
            directories.described("");
            times.put("", entry);
            return;
        }
        Fd parent = parentOf(path);
        whiteout.unpacked(path);
        switch (entry.type()) {
            case DIRECTORY -> directory(parent, path, entry);
            case FILE -> file(parent, path, entry, tar);
            case HARD_LINK -> hardLink(parent, path, entry);
            case SYMLINK -> {
                create(parent, path, () -> files.symlinkat(entry.linkName(), parent, path.name()));
                attributes.setByName(parent, path.name(), entry);
            }
            case CHAR_DEVICE -> node(parent, path, entry, Mode.CHAR_DEVICE);
            case BLOCK_DEVICE -> node(parent, path, entry, Mode.BLOCK_DEVICE);
            case FIFO -> node(parent, path, entry, Mode.FIFO);
        }
    }

    private Fd parentOf(EntryPath path) throws IOException {
        try {
            return directories.get(path.parent());
        } catch (LinuxException e) {
            if (options.whiteouts() != ApplyOptions.Whiteouts.REMOVE
                    && (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR)) {
                // a link of this layer leads to where only a layer below has something
                throw new ParentNeededException("layer entry \"" + path + "\": " + e.getMessage());
            }
            throw e;
        }
    }

    private interface Creation {
        void run() throws LinuxException;
    }

    /** Creates something that must not exist; what stands in its place is removed first. */
    private void create(Fd parent, EntryPath path, Creation creation) throws IOException {
        try {
            creation.run();
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            refuseOtherKind(parent, path, false);
            whiteout.remove(parent, path.name());
            times.remove(path.full());
            creation.run();
        }
    }

    /** Something is in the way of an entry that is a directory, or is none. */
    private void refuseOtherKind(Fd parent, EntryPath path, boolean directory) throws IOException {
        var copying = options.copying();
        if (copying == null || !copying.keepKinds()) {
            return;
        }
        if (files.statat(parent, path.name(), At.SYMLINK_NOFOLLOW).isDirectory() != directory) {
            throw new OtherKindException(
                    directory
                            ? "cannot overwrite non-directory \"" + path + "\" with directory"
                            : "cannot overwrite directory \"" + path + "\" with non-directory");
        }
    }

    private void directory(Fd parent, EntryPath path, TarEntry entry) throws IOException {
        boolean overWhiteout = false;
        try {
            files.mkdirat(parent, path.name(), 0700);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            Stat old = files.statat(parent, path.name(), At.SYMLINK_NOFOLLOW);
            if (!old.isDirectory()) {
                refuseOtherKind(parent, path, true);
                overWhiteout = whiteout.isWhiteout(old);
                whiteout.remove(parent, path.name());
                files.mkdirat(parent, path.name(), 0700);
            }
        }
        try (Fd fd = files.openat(parent, path.name(), O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0)) {
            attributes.set(fd, entry);
            if (overWhiteout) {
                whiteout.makeOpaque(fd);
            }
        }
        directories.described(path.full());
        times.put(path.full(), entry);
    }

    private void file(Fd parent, EntryPath path, TarEntry entry, TarReader tar) throws IOException {
        Fd[] opened = new Fd[1];
        int flags = O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW;
        create(parent, path, () -> opened[0] = files.openat(parent, path.name(), flags, 0600));
        try (Fd fd = opened[0]) {
            if (entry.sparse()) {
                sparse(fd, entry, tar);
            } else {
                content(fd, tar);
            }
            attributes.set(fd, entry);
            attributes.setTime(fd, entry);
        }
    }

    private void content(Fd fd, TarReader tar) throws IOException {
        while (true) {
            buffer.clear();
            int count = 0;
            while (buffer.hasRemaining() && count >= 0) {
                count = tar.readStored(buffer);
            }
            buffer.flip();
            files.writeFully(fd, buffer);
            if (count < 0) {
                return;
            }
        }
    }

    /** Only what is stored is written; what lies between stays a hole. */
    private void sparse(Fd fd, TarEntry entry, TarReader tar) throws IOException {
        for (TarEntry.Segment segment : entry.segments()) {
            long position = segment.offset();
            long end = position + segment.length();
            while (position < end) {
                buffer.clear().limit((int) Math.min(BUFFER, end - position));
                tar.readStored(buffer);
                buffer.flip();
                while (buffer.hasRemaining()) {
                    position += files.pwrite(fd, buffer, position);
                }
            }
        }
        files.ftruncate(fd, entry.size());
    }

    private void hardLink(Fd parent, EntryPath path, TarEntry entry) throws IOException {
        EntryPath target = EntryPath.of(entry.linkName());
        if (target.isRoot()) {
            throw new IOException("entry \"" + entry.name() + "\" links to the root");
        }
        if (target.equals(path)) {
            return;
        }
        String from = target.parent().isEmpty() ? "." : target.parent();
        try (Fd source = files.openat2(root, from, O.PATH | O.DIRECTORY, 0, Directories.INSIDE)) {
            files.statat(source, target.name(), At.SYMLINK_NOFOLLOW);
            create(parent, path, () -> files.linkat(source, target.name(), parent, path.name(), 0));
        } catch (LinuxException e) {
            if (options.whiteouts() != ApplyOptions.Whiteouts.REMOVE && e.errno() == Errno.ENOENT) {
                throw new ParentNeededException(
                        "layer entry \"" + path + "\" links to \"" + target + "\", which this layer does not hold");
            }
            throw e;
        }
    }

    private void node(Fd parent, EntryPath path, TarEntry entry, int type) throws IOException {
        long device = Mode.device(entry.device().major(), entry.device().minor());
        if (type == Mode.CHAR_DEVICE && device == 0) {
            throw new IOException(
                    "entry \"" + entry.name() + "\" is a character device 0:0, which is a whiteout of overlayfs");
        }
        create(parent, path, () -> files.mknodat(parent, path.name(), type | 0600, device));
        attributes.setByName(parent, path.name(), entry);
        // an O_PATH descriptor cannot be a link that leads elsewhere, and its name in /proc leads to just this node
        try (Fd node = files.openat(parent, path.name(), O.PATH | O.NOFOLLOW, 0)) {
            files.fchmodat(Fd.CWD, node.procPath(), entry.mode());
        }
    }

    private void setDirectoryTimes() throws IOException {
        List<Map.Entry<String, TarEntry>> deferred = new ArrayList<>(times.entrySet());
        for (Map.Entry<String, TarEntry> each : deferred.reversed()) {
            String path = each.getKey();
            TarEntry entry = each.getValue();
            if (path.isEmpty()) {
                attributes.setTime(root, entry);
                continue;
            }
            try (Fd fd = files.openat2(root, path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0, Directories.INSIDE)) {
                attributes.setTime(fd, entry);
            } catch (LinuxException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
                    throw e;
                }
                // a later entry of the layer put something else there
            }
        }
    }

    @Override
    public void close() {
        directories.close();
    }
}
