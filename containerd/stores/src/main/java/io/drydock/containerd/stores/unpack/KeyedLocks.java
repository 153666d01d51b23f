package io.drydock.containerd.stores.unpack;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A lock per key, which exists while somebody wants it. */
final class KeyedLocks {
    private static final class Entry {
        final ReentrantLock lock = new ReentrantLock();
        int users;
    }

    private final Map<String, Entry> entries = new HashMap<>();

    /** Held until closed, by the thread that took it. */
    final class Held implements AutoCloseable {
        private final String key;
        private final Entry entry;

        private Held(String key, Entry entry) {
            this.key = key;
            this.entry = entry;
        }

        @Override
        public void close() {
            entry.lock.unlock();
            leave(key, entry);
        }
    }

    /** Waits for the key's lock. */
    Held take(String key) throws InterruptedException {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, absent -> new Entry());
            entry.users++;
        }
        boolean taken = false;
        try {
            entry.lock.lockInterruptibly();
            taken = true;
            return new Held(key, entry);
        } finally {
            if (!taken) {
                leave(key, entry);
            }
        }
    }

    private void leave(String key, Entry entry) {
        synchronized (entries) {
            if (--entry.users == 0) {
                entries.remove(key);
            }
        }
    }
}
