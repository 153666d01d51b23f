package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sorted names in directories. Those of large ones are remembered for as long as the directory's time says that nothing came
 * or went, so that a page of a long list costs the page; since the time is asked each time, another program may change the
 * directory. Safe for threads.
 */
final class DirectoryNames {
    private static final int LARGE = 64;
    private static final int MOST_NAMES = 1_000_000;
    /** A change in the same tick of the file system's clock as the reading would not show in the time. */
    private static final long SETTLED_MILLIS = 2_000;

    private static final String[] NONE = {};

    private record Known(FileTime time, String[] names) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private int remembered;

    /** The names, sorted; none if it is no directory. Not to be changed. */
    String[] in(Path directory) throws IOException {
        FileTime time;
        try {
            time = Files.getLastModifiedTime(directory);
        } catch (NoSuchFileException e) {
            forget(directory);
            return NONE;
        }
        var before = known(directory);
        if (before != null && before.time().equals(time)) {
            return before.names();
        }
        String[] names = directory.toFile().list();
        if (names == null) {
            return NONE;
        }
        Arrays.sort(names);
        if (names.length >= LARGE && System.currentTimeMillis() - time.toMillis() > SETTLED_MILLIS) {
            remember(directory, new Known(time, names));
        }
        return names;
    }

    private @Nullable Known known(Path directory) {
        lock.lock();
        try {
            return known.get(directory);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Path directory) {
        lock.lock();
        try {
            var gone = known.remove(directory);
            remembered -= gone == null ? 0 : gone.names().length;
        } finally {
            lock.unlock();
        }
    }

    private void remember(Path directory, Known now) {
        lock.lock();
        try {
            var before = known.put(directory, now);
            remembered += now.names().length - (before == null ? 0 : before.names().length);
            var oldest = known.entrySet().iterator();
            while (remembered > MOST_NAMES && oldest.hasNext()) {
                remembered -= oldest.next().getValue().names().length;
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
