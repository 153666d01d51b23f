package io.drydock.containerd.stores.gc;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.stores.content.LocalContentStore;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.snapshot.DirectorySnapshotter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what nothing reaches, see the package. One collection at a time. */
public final class GarbageCollector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);
    /** An ingest that nobody holds is kept this long for its writer to come back. */
    private static final Duration INGEST_PATIENCE = Duration.ofHours(1);
    /** So many rows are removed in one transaction, which takes some milliseconds: others wait no longer. */
    private static final int BATCH = 50;

    private final Database database;
    private final LocalContentStore content;
    private final Map<String, DirectorySnapshotter> snapshotters;
    private final CollectionSchedule schedule;
    private final ReentrantLock collecting = new ReentrantLock();
    private final ReentrantLock monitor = new ReentrantLock();
    private final Condition changed = monitor.newCondition();
    private final Thread thread;
    /** Of the last collection; written by whoever collects. */
    private volatile Pauses pauses = new Pauses(0, Duration.ZERO, 0);

    private volatile BiConsumer<Duration, Boolean> listener = (time, succeeded) -> {};

    // guarded by the monitor; moments are System.nanoTime
    private int deletions;
    private int mutations;
    private long lastEvent = System.nanoTime();
    private long resting;
    private long spent;
    private int collections;
    private boolean first;

    public GarbageCollector(
            Database database,
            LocalContentStore content,
            Map<String, DirectorySnapshotter> snapshotters,
            CollectionSchedule schedule) {
        this.database = database;
        this.content = content;
        this.snapshotters = Map.copyOf(snapshotters);
        this.schedule = schedule;
        this.first = !schedule.startupDelay().isZero();
        // a platform thread: SQLite is native code, which would pin a virtual thread's carrier
        this.thread = Thread.ofPlatform().name("garbage-collector").daemon().unstarted(this::run);
        database.onChange(this::mutated);
    }

    /** Begins to collect by the schedule. */
    public void start() {
        resting = System.nanoTime() + schedule.startupDelay().toNanos();
        thread.start();
    }

    /** What a collection removed. */
    public record Result(int blobs, int snapshots) {}

    /**
     * When a collection kept others from changing anything.
     *
     * @param turns how often
     * @param longest of them
     * @param most rows removed in one of them
     */
    record Pauses(int turns, Duration longest, int most) {
        Pauses with(Duration time, int rows) {
            return new Pauses(turns + 1, time.compareTo(longest) > 0 ? time : longest, Math.max(most, rows));
        }
    }

    /** @param snapshotter its name; the id names the directory */
    private record Directory(String snapshotter, long id) {}

    /** Tells how long each collection took, and whether it succeeded. */
    public void onCollection(BiConsumer<Duration, Boolean> told) {
        listener = told;
    }

    /** Something was deleted: asks for a collection, by the schedule. */
    public void soon() {
        event(1, 0);
    }

    private void mutated() {
        event(0, 1);
    }

    private void event(int deleted, int mutated) {
        monitor.lock();
        try {
            deletions += deleted;
            mutations += mutated;
            if (deleted > 0 || mutations == schedule.mutationThreshold()) {
                lastEvent = System.nanoTime();
                changed.signal();
            }
        } finally {
            monitor.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                awaitTurn();
                collectAndLog();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    private void awaitTurn() throws InterruptedException {
        monitor.lock();
        try {
            while (true) {
                long wait = untilDue(System.nanoTime());
                if (wait <= 0) {
                    return;
                }
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.awaitNanos(wait);
                }
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Nanoseconds until a collection is due, {@code MAX_VALUE} if none is. */
    private long untilDue(long now) {
        long delayed = lastEvent + schedule.delay().toNanos() - now;
        if (schedule.deletionThreshold() > 0 && deletions >= schedule.deletionThreshold()) {
            return delayed;
        }
        boolean many = schedule.mutationThreshold() > 0 && mutations >= schedule.mutationThreshold();
        if (deletions > 0 || many || first) {
            return Math.max(first ? 0 : delayed, resting - now);
        }
        return Long.MAX_VALUE;
    }

    private void collectAndLog() {
        try {
            var result = collect();
            log.debug(
                    "collected {} blobs and {} snapshots, the longest of {} turns in the database took {}",
                    result.blobs(),
                    result.snapshots(),
                    pauses.turns(),
                    pauses.longest());
        } catch (ContainerdError | IOException e) {
            // what is left is found by the next collection
            log.error("collect garbage: {}", e.getMessage());
        }
    }

    /** Collects now, in the calling thread. */
    public Result collect() throws IOException {
        return collect(() -> {});
    }

    /** @param marked what happens when it is known what is garbage, and nothing has been removed */
    Result collect(Runnable marked) throws IOException {
        collecting.lock();
        long begin = System.nanoTime();
        boolean succeeded = false;
        try (var watch = database.watch()) {
            begun();
            var garbage = database.snapshot(tx -> Marker.find(tx, Instant.now()));
            marked.run();
            var result = sweep(garbage, watch);
            content.removeAbandoned(Instant.now().minus(INGEST_PATIENCE));
            succeeded = true;
            return result;
        } finally {
            var time = Duration.ofNanos(System.nanoTime() - begin);
            ended(time);
            collecting.unlock();
            listener.accept(time, succeeded);
        }
    }

    private void begun() {
        monitor.lock();
        try {
            deletions = 0;
            mutations = 0;
            first = false;
        } finally {
            monitor.unlock();
        }
    }

    private void ended(Duration time) {
        monitor.lock();
        try {
            mutations = 0; // those were our own, but for a few
            collections++;
            spent += time.toNanos();
            resting = System.nanoTime()
                    + schedule.pause(Duration.ofNanos(spent / collections)).toNanos();
        } finally {
            monitor.unlock();
        }
    }

    private Result sweep(Garbage garbage, Database.Watch watch) throws IOException {
        pauses = new Pauses(0, Duration.ZERO, 0);
        turn(tx -> leases(tx, garbage, watch));
        int blobs = 0;
        int snapshots = 0;
        while (true) {
            var directories = new ArrayList<Directory>();
            var batch = turn(tx -> {
                garbage.keep(watch.taken());
                var removed = garbage.next(BATCH);
                removed.forEach(node -> remove(tx, node, directories));
                return removed;
            });
            if (batch.isEmpty()) {
                return new Result(blobs, snapshots);
            }
            database.flush(); // a power failure must not bring a row back whose files are gone
            for (var node : batch) {
                if (node.kind().equals(Marker.CONTENT)) {
                    content.removeUnlessNamed(node.name());
                    blobs++;
                }
            }
            for (var directory : directories) {
                var snapshotter = snapshotters.get(directory.snapshotter());
                if (snapshotter != null) {
                    snapshotter.discard(directory.id());
                }
            }
            snapshots += directories.size();
        }
    }

    /** One transaction: the only time in which others wait for the collector. */
    private List<Node> turn(Database.Work<List<Node>> work) {
        return database.transaction(tx -> {
            long begin = System.nanoTime();
            var removed = work.with(tx);
            pauses = pauses.with(Duration.ofNanos(System.nanoTime() - begin), removed.size());
            return removed;
        });
    }

    Pauses pauses() {
        return pauses;
    }

    /** Leases whose time is over; one that has been made again meanwhile is another. */
    private static List<Node> leases(Database.Transaction tx, Garbage garbage, Database.Watch watch) {
        Set<String> written = new HashSet<>(watch.taken());
        garbage.keep(written);
        for (var lease : garbage.expiredLeases()) {
            if (!written.contains(lease.name())) {
                tx.update("DELETE FROM resource WHERE namespace = ? AND lease = ?", lease.namespace(), lease.name());
                tx.update("DELETE FROM lease WHERE namespace = ? AND id = ?", lease.namespace(), lease.name());
            }
        }
        return garbage.expiredLeases();
    }

    private static void remove(Database.Transaction tx, Node node, List<Directory> directories) {
        switch (node.kind()) {
            case Marker.CONTENT ->
                tx.update("DELETE FROM content WHERE namespace = ? AND digest = ?", node.namespace(), node.name());
            case Marker.IMAGE ->
                tx.update("DELETE FROM image WHERE namespace = ? AND name = ?", node.namespace(), node.name());
            default -> {
                var row = tx.first(
                        "SELECT id FROM snapshot WHERE namespace = ? AND snapshotter = ? AND name = ?",
                        node.namespace(),
                        node.kind(),
                        node.name());
                if (row != null) {
                    tx.update("DELETE FROM snapshot WHERE id = ?", row.number(0));
                    directories.add(new Directory(node.kind(), row.number(0)));
                }
            }
        }
    }

    /** Waits a moment for a collection under way. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (thread.getState() != Thread.State.NEW) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
