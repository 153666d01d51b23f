package io.drydock.containerd.stores.metadata;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings SQLite's write-ahead log to disk, and from time to time into the database's file. A thread does so, not the
 * transactions: they go on meanwhile. What was committed is on disk a tenth of a second later, or as soon as the disk can if
 * somebody waits; one write serves all that wait.
 */
final class WriteAheadLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WriteAheadLog.class);
    private static final long PATIENCE_MILLIS = 100;
    /** So many transactions make a log of some megabytes. */
    private static final int TRANSACTIONS = 500;

    private final Path database;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition synced = lock.newCondition();

    // guarded by the lock; transactions are counted from 1
    private long committed;
    private long onDisk;
    private int waiting;
    private boolean closing;
    /** Up to here transactions may be lost, and why; null if none. */
    private long failedUpTo;

    private @Nullable IOException failure;

    /** @param database the file that the log belongs to */
    WriteAheadLog(Path database) {
        this.database = database;
        this.thread = Thread.ofPlatform().name("metadata-log").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** A transaction has ended that has changed something. */
    void changed() {
        lock.lock();
        try {
            committed++;
            if (committed == onDisk + 1) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until what was committed before is on disk. */
    void flush() throws IOException {
        lock.lock();
        try {
            long wanted = committed;
            waiting++;
            changed.signal();
            try {
                while (onDisk < wanted) {
                    synced.awaitUninterruptibly();
                }
            } finally {
                waiting--;
            }
            if (failure != null && wanted <= failedUpTo) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long merged = 0;
        try (var file = FileChannel.open(Path.of(database + "-wal"), StandardOpenOption.WRITE);
                var connection = Database.connect(database)) {
            for (long next = await(); next > 0; next = await()) {
                done(next, force(file));
                if (next - merged >= TRANSACTIONS) {
                    merge(connection);
                    merged = next;
                }
            }
        } catch (IOException | SQLException e) {
            log.error("the metadata's log: {}", e.getMessage());
            done(Long.MAX_VALUE, new IOException(e.getMessage(), e));
        }
    }

    /** Up to which transaction there is something to write, when it is time to; 0 when all is written and this closes. */
    private long await() {
        lock.lock();
        try {
            while (committed == onDisk && !closing) {
                changed.awaitUninterruptibly();
            }
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (waiting == 0 && !closing && end > System.nanoTime()) {
                try {
                    changed.awaitNanos(end - System.nanoTime());
                } catch (InterruptedException e) {
                    break; // it is written a little earlier, then
                }
            }
            return committed == onDisk ? 0 : committed;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable IOException force(FileChannel file) {
        try {
            file.force(false);
            return null;
        } catch (IOException e) {
            log.error("write the metadata's log to disk: {}", e.getMessage());
            return e;
        }
    }

    private void done(long upTo, @Nullable IOException why) {
        lock.lock();
        try {
            onDisk = upTo;
            if (why != null) {
                failedUpTo = upTo;
                failure = why;
            }
            synced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Copies what no reader needs from the log any more into the database's file; writers do not wait. */
    private static void merge(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException e) {
            // a full disk: the log grows, and the next attempt may succeed
            log.warn("merge the metadata's log: {}", e.getMessage());
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
