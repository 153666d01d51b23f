package io.drydock.docker.cli.copy;

import io.drydock.docker.cli.session.CliException;
import io.drydock.image.archive.tar.ByteSource;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** A path here at which an archive is extracted. Owners stay those of the caller, as with the original. */
final class LocalDestination {
    private record Finished(Path directory, TarEntry entry) {}

    private LocalDestination() {}

    /** What is at an absolute path; links are followed, also ones that lead nowhere yet. */
    static End end(String path) throws IOException, CliException {
        String here = path;
        for (int links = 0; Files.isSymbolicLink(Path.of(here)); links++) {
            if (links > 10) {
                throw new CliException("too many symlinks in " + path);
            }
            String target = Files.readSymbolicLink(Path.of(here)).toString();
            here = target.startsWith("/") ? target : PathText.join(PathText.directoryOf(here), target);
        }
        Path found = Path.of(here);
        if (Files.exists(found, LinkOption.NOFOLLOW_LINKS)) {
            boolean directory = Files.isDirectory(found);
            if (!directory && PathText.insistsOnDirectory(here)) {
                throw new CliException("stat " + here + ": not a directory");
            }
            return new End(here, true, directory, "");
        }
        String parent = PathText.directoryOf(here);
        if (!Files.exists(Path.of(parent))) {
            throw new CliException("stat " + parent + ": no such file or directory");
        }
        if (!Files.isDirectory(Path.of(parent))) {
            throw new CliException("not a directory");
        }
        return new End(here, false, false, "");
    }

    /** Extracts an archive as planned; {@code rename} is applied to its names before the plan's. */
    static void extract(InputStream archive, End.Plan rename, End.Plan plan) throws IOException, CliException {
        var tar = new TarReader(ByteSource.of(archive));
        Path root = Path.of(plan.directory()).toRealPath();
        Deque<Finished> directories = new ArrayDeque<>();
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            String name = plan.name(rename.name(entry.name()));
            Path file = inside(root, root.resolve(name.replaceFirst("^/+", "")).normalize(), entry.name());
            place(tar, entry, root, file, plan, rename, directories);
        }
        archive.transferTo(OutputStream.nullOutputStream());
        while (!directories.isEmpty()) {
            Finished last = directories.pop();
            setTime(last.directory, last.entry);
        }
    }

    private static Path inside(Path root, Path file, String name) throws CliException {
        if (!file.startsWith(root)) {
            throw new CliException("\"" + name + "\" is outside of \"" + root + "\"");
        }
        return file;
    }

    private static void place(
            TarReader tar,
            TarEntry entry,
            Path root,
            Path file,
            End.Plan plan,
            End.Plan rename,
            Deque<Finished> directories)
            throws IOException, CliException {
        Path parent = file.getParent();
        if (parent != null && parent.startsWith(root)) {
            Files.createDirectories(parent);
            // a link that the archive itself made must not lead what follows elsewhere
            inside(root, parent.toRealPath(), entry.name());
        }
        boolean exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        boolean isDirectory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        boolean wantsDirectory =
                switch (entry.type()) {
                    case DIRECTORY -> true;
                    case FILE, HARD_LINK, SYMLINK, CHAR_DEVICE, BLOCK_DEVICE, FIFO -> false;
                };
        if (exists && isDirectory != wantsDirectory) {
            throw new CliException(
                    wantsDirectory
                            ? "cannot overwrite non-directory \"" + file + "\" with directory \"" + root + "\""
                            : "cannot overwrite directory \"" + file + "\" with non-directory \"" + root + "\"");
        }
        if (exists && !isDirectory) {
            Files.delete(file);
        }
        switch (entry.type()) {
            case DIRECTORY -> {
                if (!exists) {
                    Files.createDirectory(file);
                }
                directories.push(new Finished(file, entry));
            }
            case FILE -> Files.copy(tar.content(), file);
            case SYMLINK -> {
                Path target = Path.of(file.getParent() + "/" + entry.linkName()).normalize();
                if (!target.startsWith(root)) {
                    throw new CliException("invalid symlink \"" + file + "\" -> \"" + entry.linkName() + "\"");
                }
                Files.createSymbolicLink(file, Path.of(entry.linkName()));
                return;
            }
            case HARD_LINK -> {
                Path target =
                        root.resolve(plan.name(rename.name(entry.linkName()))).normalize();
                Files.createLink(file, inside(root, target, entry.name()));
                return;
            }
            case CHAR_DEVICE, BLOCK_DEVICE, FIFO -> {
                DeviceNode.make(file, entry);
                Files.setAttribute(file, "unix:mode", entry.mode());
                return; // setting its time would open it
            }
        }
        Files.setAttribute(file, "unix:mode", entry.mode());
        setTime(file, entry);
    }

    private static void setTime(Path file, TarEntry entry) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(entry.modified().seconds(), TimeUnit.SECONDS));
        } catch (FileSystemException e) {
            throw new IOException("chtimes " + file + ": " + e.getReason(), e);
        }
    }
}
