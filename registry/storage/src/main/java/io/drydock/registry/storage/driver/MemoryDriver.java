package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Files in memory, which go with the process: for tests and caches. */
public final class MemoryDriver implements Driver {
    private final ConcurrentSkipListMap<String, Entry> files = new ConcurrentSkipListMap<>();

    private record Entry(Segments bytes, Instant used) {}

    @Override
    public String name() {
        return "inmemory";
    }

    private Optional<Segments> segments(String path) {
        return Optional.ofNullable(files.get(path)).map(Entry::bytes);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        var found = segments(path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (var in = found.get().stream(0, found.get().size())) {
            return Optional.of(in.readAllBytes());
        }
    }

    @Override
    public void write(String path, byte[] bytes) {
        files.put(path, entry(bytes));
    }

    private static Entry entry(byte[] bytes) {
        return new Entry(Segments.of(bytes), Instant.now());
    }

    @Override
    public boolean writeIf(String path, Optional<byte[]> expected, byte[] bytes) {
        var same = new AtomicBoolean();
        files.compute(path, (name, now) -> {
            same.set(
                    now == null
                            ? expected.isEmpty()
                            : expected.isPresent() && Arrays.equals(now.bytes().all(), expected.get()));
            return same.get() ? entry(bytes) : now;
        });
        return same.get();
    }

    @Override
    public Optional<Content> open(String path) {
        return segments(path).map(Open::new);
    }

    private record Open(Segments bytes, long size) implements Content {
        Open(Segments bytes) {
            this(bytes, bytes.size());
        }

        @Override
        public InputStream stream(long offset, long count) {
            return bytes.stream(offset, count);
        }

        @Override
        public void close() {
            // memory is freed when nobody knows it any more
        }
    }

    @Override
    public Optional<Stat> stat(String path) {
        var entry = files.get(path);
        if (entry != null) {
            return Optional.of(new Stat(entry.bytes().size(), entry.used(), false));
        }
        var next = files.ceilingKey(path + "/");
        return next != null && next.startsWith(path + "/")
                ? Optional.of(new Stat(0, Instant.EPOCH, true))
                : Optional.empty();
    }

    @Override
    public Optional<Instant> lastUsed(String path) {
        return stat(path).map(Stat::modified);
    }

    @Override
    public boolean touch(String path) {
        return files.computeIfPresent(path, (name, entry) -> new Entry(entry.bytes(), Instant.now())) != null;
    }

    @Override
    public Appender append(String path) {
        var bytes = files.computeIfAbsent(path, name -> entry(new byte[0])).bytes();
        return new Appender() {
            @Override
            public long size() {
                return bytes.size();
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                bytes.append(from, offset, length);
            }

            @Override
            public void close() {
                files.computeIfPresent(path, (name, entry) -> new Entry(bytes, Instant.now()));
            }
        };
    }

    @Override
    public Optional<Long> appended(String path) {
        return segments(path).map(Segments::size);
    }

    @Override
    public void seal(String path) throws IOException {
        if (!files.containsKey(path)) {
            throw new NoSuchFileException(path);
        }
    }

    @Override
    public void move(String from, String to) throws IOException {
        var entry = files.remove(from);
        if (entry == null) {
            throw new NoSuchFileException(from);
        }
        files.put(to, entry);
    }

    @Override
    public boolean delete(String path) {
        return files.remove(path) != null;
    }

    @Override
    public void deleteTree(String path) {
        files.remove(path);
        files.subMap(path + "/", path + "0").clear(); // '0' comes after '/'
    }

    @Override
    public List<String> list(String directory, String after, int most) throws IOException {
        var prefix = directory + "/";
        return KeyOrder.page(
                new KeyOrder.Names() {
                    @Override
                    public Iterator<String> behind(String text) {
                        return new Children(prefix, files.higherKey(prefix + text));
                    }

                    @Override
                    public boolean has(String name) {
                        return stat(prefix + name).isPresent();
                    }
                },
                after,
                most);
    }

    /** Names in a directory, in the order of the keys that they begin. */
    private final class Children implements Iterator<String> {
        private final String prefix;
        private @Nullable String key;

        Children(String prefix, @Nullable String key) {
            this.prefix = prefix;
            this.key = key;
        }

        @Override
        public boolean hasNext() {
            return key != null && key.startsWith(prefix);
        }

        @Override
        public String next() {
            if (key == null) {
                throw new NoSuchElementException();
            }
            int slash = key.indexOf('/', prefix.length());
            var name = key.substring(prefix.length(), slash < 0 ? key.length() : slash);
            // '0' comes after '/'
            key = slash < 0 ? files.higherKey(key) : files.ceilingKey(prefix + name + "0");
            return name;
        }
    }

    @Override
    public boolean keepsDirectories() {
        return false;
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }
}
