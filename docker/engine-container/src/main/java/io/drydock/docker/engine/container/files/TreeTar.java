package io.drydock.docker.engine.container.files;

import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.At;
import io.drydock.linux.DirEntry;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a file or a tree as a tar archive, walking by descriptors so that nothing can be exchanged on the way. */
final class TreeTar {
    private final Linux linux;
    private final TarWriter tar;
    private final Map<String, String> firstLinks = new HashMap<>();

    TreeTar(Linux linux, OutputStream out) {
        this.linux = linux;
        this.tar = new TarWriter(out);
    }

    /** Writes what is below a directory, each name behind the prefix. */
    void children(Fd directory, String prefix) throws IOException {
        List<DirEntry> entries = linux.files().readDirectory(directory);
        for (DirEntry entry :
                entries.stream().sorted(Comparator.comparing(DirEntry::name)).toList()) {
            put(directory, entry.name(), prefix + entry.name());
        }
    }

    /** Writes an open directory with what is below it. */
    void directory(Fd directory, String name) throws IOException {
        tar.put(entry(name + "/", TarType.DIRECTORY, linux.files().fstat(directory), ""));
        children(directory, name + "/");
    }

    /** Writes one entry of a directory with what is below it. */
    void put(Fd parent, String file, String name) throws IOException {
        var stat = linux.files().statat(parent, file, At.SYMLINK_NOFOLLOW);
        if (stat.isDirectory()) {
            try (Fd directory = linux.files().openat(parent, file, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0)) {
                tar.put(entry(name + "/", TarType.DIRECTORY, stat, ""));
                children(directory, name + "/");
            }
        } else if (stat.isSymlink()) {
            tar.put(entry(name, TarType.SYMLINK, stat, linux.files().readlinkat(parent, file)));
        } else if (stat.isRegular()) {
            regular(parent, file, name, stat);
        } else if (stat.is(Mode.CHAR_DEVICE)) {
            tar.put(entry(name, TarType.CHAR_DEVICE, stat, ""));
        } else if (stat.is(Mode.BLOCK_DEVICE)) {
            tar.put(entry(name, TarType.BLOCK_DEVICE, stat, ""));
        } else if (stat.is(Mode.FIFO)) {
            tar.put(entry(name, TarType.FIFO, stat, ""));
        }
        // sockets have no place in an archive
    }

    private void regular(Fd parent, String file, String name, Stat stat) throws IOException {
        if (stat.links() > 1) {
            String first = firstLinks.putIfAbsent(stat.device() + ":" + stat.inode(), name);
            if (first != null) {
                tar.put(entry(name, TarType.HARD_LINK, stat, first));
                return;
            }
        }
        try (Fd fd = linux.files().openat(parent, file, O.RDONLY | O.NOFOLLOW | O.NONBLOCK, 0);
                InputStream content = Files.newInputStream(Path.of(fd.procPath()))) {
            tar.put(entry(name, TarType.FILE, linux.files().fstat(fd), ""), content);
        } catch (LinuxException e) {
            throw new IOException("read " + name + ": " + e.getMessage(), e);
        }
    }

    private static TarEntry entry(String name, TarType type, Stat stat, String link) {
        boolean device = type == TarType.CHAR_DEVICE || type == TarType.BLOCK_DEVICE;
        return new TarEntry(
                name,
                type,
                stat.mode() & 07777,
                stat.uid(),
                stat.gid(),
                "",
                "",
                type == TarType.FILE ? stat.size() : 0,
                new TarEntry.TarTime(stat.modified().seconds(), stat.modified().nanos()),
                link,
                device
                        ? new TarEntry.Device(Mode.major(stat.specialDevice()), Mode.minor(stat.specialDevice()))
                        : TarEntry.Device.NONE,
                Map.of(),
                List.of());
    }

    void finish() throws IOException {
        tar.finish();
    }
}
