package io.drydock.docker.cli.copy;

import io.drydock.docker.cli.session.CliException;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A file or a tree here that is written as an archive. */
final class LocalSource {
    private final End end;
    /** Names by device and inode, for files with several names. */
    private final Map<String, String> seen = new HashMap<>();

    private LocalSource(End end) {
        this.end = end;
    }

    End end() {
        return end;
    }

    /** {@code path} is absolute; with {@code follow}, a link is replaced by what it points to. */
    static LocalSource of(String path, boolean follow) throws IOException, CliException {
        try {
            String resolved;
            String rename = "";
            if (follow) {
                resolved = PathText.keepEnd(Path.of(path).toRealPath().toString(), path);
                if (!PathText.base(path).equals(PathText.base(resolved))) {
                    rename = PathText.base(path);
                }
            } else {
                int slash = path.lastIndexOf('/') + 1;
                String directory =
                        Path.of(path.substring(0, slash)).toRealPath().toString();
                resolved = (directory.equals("/") ? "" : directory) + "/" + path.substring(slash);
                if (PathText.endsWithSlash(path) && !PathText.base(path).equals(PathText.base(resolved))) {
                    rename = PathText.base(path);
                }
            }
            boolean directory = type(resolved) == Mode.DIRECTORY;
            return new LocalSource(new End(resolved, true, directory, rename));
        } catch (NoSuchFileException e) {
            throw new CliException("lstat " + missing(path) + ": no such file or directory");
        } catch (NotDirectoryException e) {
            throw new CliException("not a directory");
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "failed" : e.getReason().toLowerCase();
            throw new CliException("lstat " + e.getFile() + ": " + reason);
        }
    }

    /** The first element that is not there, as the original names it. */
    private static String missing(String path) {
        Path here = Path.of("/");
        for (Path element : Path.of(path)) {
            here = here.resolve(element);
            if (!Files.exists(here)) {
                return here.getNameCount() == 1 && PathText.base(path).equals(element.toString())
                        ? "/" + here
                        : here + "";
            }
        }
        return path;
    }

    private static int type(String path) throws IOException {
        // the JDK drops a slash at the end, which the kernel takes as insisting on a directory
        boolean insists = PathText.insistsOnDirectory(path);
        int mode = (int) Files.getAttribute(Path.of(path), "unix:mode", options(insists)) & Mode.TYPE_MASK;
        if (insists && mode != Mode.DIRECTORY) {
            throw new NotDirectoryException(path);
        }
        return mode;
    }

    private static LinkOption[] options(boolean follow) {
        return follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    /** Writes the archive, with the names of the plan. */
    void writeTo(OutputStream out, End.Plan plan) throws IOException {
        try (var tar = new TarWriter(out)) {
            String entry = PathText.entryOf(end.path());
            String name = end.rename().isEmpty() ? entry : end.rename();
            write(tar, Path.of(PathText.directoryOf(end.path()), entry), name, plan);
            tar.finish();
        }
    }

    private void write(TarWriter tar, Path file, String archived, End.Plan plan) throws IOException {
        Map<String, Object> stat = Files.readAttributes(
                file, "unix:mode,uid,gid,nlink,ino,dev,rdev,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Objects.requireNonNull(stat.get("mode"));
        String name = plan.name(archived);
        switch (mode & Mode.TYPE_MASK) {
            case Mode.DIRECTORY -> {
                tar.put(entry(name + "/", TarType.DIRECTORY, stat, 0, ""));
                for (Path child : children(file)) {
                    write(tar, child, archived + "/" + child.getFileName(), plan);
                }
            }
            case Mode.REGULAR -> {
                String first = (int) Objects.requireNonNull(stat.get("nlink")) > 1
                        ? seen.putIfAbsent(stat.get("dev") + ":" + stat.get("ino"), name)
                        : null;
                if (first != null) {
                    tar.put(entry(name, TarType.HARD_LINK, stat, 0, first));
                } else {
                    try (InputStream in = Files.newInputStream(file)) {
                        tar.put(
                                entry(name, TarType.FILE, stat, (long) Objects.requireNonNull(stat.get("size")), ""),
                                in);
                    }
                }
            }
            case Mode.SYMLINK ->
                tar.put(entry(
                        name,
                        TarType.SYMLINK,
                        stat,
                        0,
                        Files.readSymbolicLink(file).toString()));
            case Mode.CHAR_DEVICE -> tar.put(entry(name, TarType.CHAR_DEVICE, stat, 0, ""));
            case Mode.BLOCK_DEVICE -> tar.put(entry(name, TarType.BLOCK_DEVICE, stat, 0, ""));
            case Mode.FIFO -> tar.put(entry(name, TarType.FIFO, stat, 0, ""));
            default -> {} // a socket: archives have none
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    private static TarEntry entry(String name, TarType type, Map<String, Object> stat, long size, String link) {
        long seconds = ((FileTime) Objects.requireNonNull(stat.get("lastModifiedTime"))).to(TimeUnit.SECONDS);
        long rdev = (long) Objects.requireNonNull(stat.get("rdev"));
        var device = type == TarType.CHAR_DEVICE || type == TarType.BLOCK_DEVICE
                ? new TarEntry.Device(Mode.major(rdev), Mode.minor(rdev))
                : TarEntry.Device.NONE;
        return new TarEntry(
                name,
                type,
                (int) Objects.requireNonNull(stat.get("mode")) & 07777,
                (int) Objects.requireNonNull(stat.get("uid")),
                (int) Objects.requireNonNull(stat.get("gid")),
                "",
                "",
                size,
                new TarEntry.TarTime(seconds, 0),
                link,
                device,
                Map.of(),
                List.of());
    }
}
