package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A directory. Files are written aside, synced and renamed, so that a reader sees all of one or nothing. */
public final class FilesystemDriver implements Driver {
    /** Modification times are not made newer more often than this, in seconds. */
    private static final long FRESH = 30;

    private final Path root;
    private final DirectoryNames names = new DirectoryNames();
    private final FileLocks locks;

    /** @throws IOException when the directory cannot be made */
    public FilesystemDriver(Path root) throws IOException {
        Files.createDirectories(root);
        this.root = root;
        this.locks = new FileLocks(root.resolve(".drydock/locks"));
    }

    @Override
    public String name() {
        return "filesystem";
    }

    /** Where a path is. */
    public Path file(String path) {
        return root.resolve(path);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void write(String path, byte[] bytes) throws IOException {
        Durable.write(file(path), bytes);
    }

    @Override
    public void writeLightly(String path, byte[] bytes) throws IOException {
        var file = file(path);
        Files.createDirectories(Durable.directory(file));
        Files.write(file, bytes);
    }

    @Override
    public boolean writeIf(String path, Optional<byte[]> expected, byte[] bytes) throws IOException {
        return locks.with(path, () -> {
            var now = read(path);
            boolean same = now.isPresent()
                    ? expected.isPresent() && Arrays.equals(now.get(), expected.get())
                    : expected.isEmpty();
            if (same) {
                write(path, bytes);
            }
            return same;
        });
    }

    @Override
    public Optional<Content> open(String path) throws IOException {
        try {
            return Optional.of(new OpenFile(FileChannel.open(file(path), StandardOpenOption.READ)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static final class OpenFile implements Content {
        private final FileChannel channel;
        private final long size;

        OpenFile(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream stream(long offset, long count) throws IOException {
            channel.position(offset);
            return new LimitedStream(Channels.newInputStream(channel), count);
        }

        @Override
        public Optional<FileChannel> file() {
            return Optional.of(channel);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public Optional<Stat> stat(String path) throws IOException {
        try {
            var found = Files.readAttributes(file(path), BasicFileAttributes.class);
            return Optional.of(new Stat(
                    found.isDirectory() ? 0 : found.size(),
                    found.lastModifiedTime().toInstant(),
                    found.isDirectory()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(file(path));
    }

    @Override
    public Optional<Instant> lastUsed(String path) throws IOException {
        return stat(path).map(Stat::modified);
    }

    @Override
    public boolean touch(String path) throws IOException {
        var file = file(path);
        try {
            var now = Instant.now();
            if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minusSeconds(FRESH))) {
                Files.setLastModifiedTime(file, FileTime.from(now));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public Appender append(String path) throws IOException {
        var file = file(path);
        FileChannel out;
        try {
            out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (NoSuchFileException e) {
            Files.createDirectories(Durable.directory(file));
            out = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        }
        return new GrowingFile(out);
    }

    private static final class GrowingFile implements Appender {
        private final FileChannel out;
        private long size;

        GrowingFile(FileChannel out) throws IOException {
            this.out = out;
            this.size = out.size();
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            var buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            size += length;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    @Override
    public Optional<Long> appended(String path) throws IOException {
        return stat(path).filter(found -> !found.directory()).map(Stat::size);
    }

    @Override
    public Optional<FileChannel> growing(String path) throws IOException {
        try {
            return Optional.of(FileChannel.open(file(path), StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void seal(String path) throws IOException {
        try (var file = FileChannel.open(file(path), StandardOpenOption.WRITE)) {
            file.force(false);
        }
    }

    @Override
    public void move(String from, String to) throws IOException {
        var target = file(to);
        Durable.directories(Durable.directory(target));
        Durable.rename(file(from), target);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return Durable.delete(file(path));
    }

    @Override
    public void deleteTree(String path) throws IOException {
        Durable.deleteTree(file(path));
    }

    @Override
    public void prune(String directory, String stays) throws IOException {
        var end = file(stays);
        for (var at = file(directory); !at.equals(end) && names.in(at).length == 0; at = Durable.directory(at)) {
            Files.deleteIfExists(at);
        }
    }

    @Override
    public List<String> list(String directory, String after, int most) throws IOException {
        String[] all = names.in(file(directory));
        int place = after.isEmpty() ? 0 : Arrays.binarySearch(all, after);
        int begin = after.isEmpty() ? 0 : place >= 0 ? place + 1 : -place - 1;
        int end = most > all.length - begin ? all.length : begin + most;
        return List.of(Arrays.copyOfRange(all, begin, end));
    }

    @Override
    public boolean keepsDirectories() {
        return true;
    }

    @Override
    public Optional<String> failure() {
        try (var entries = Files.newDirectoryStream(root)) {
            return entries.iterator().hasNext() || Files.isWritable(root)
                    ? Optional.empty()
                    : Optional.of(root + ": permission denied");
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }
}
