package io.drydock.containerd.stores.gc;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.stores.content.LocalContentStore;
import io.drydock.containerd.stores.gc.Marker.Node;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.snapshot.DirectorySnapshotter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what nothing reaches, see the package. One collection at a time. */
public final class GarbageCollector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);
    /** An ingest that nobody holds is kept this long for its writer to come back. */
    private static final Duration INGEST_PATIENCE = Duration.ofHours(1);
    /** Deletions often come in groups: one collection serves them all. */
    private static final Duration GATHER = Duration.ofMillis(50);

    private final Database database;
    private final LocalContentStore content;
    private final Map<String, DirectorySnapshotter> snapshotters;
    private final ReentrantLock collecting = new ReentrantLock();
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;

    public GarbageCollector(Database database, LocalContentStore content, Map<String, DirectorySnapshotter> snapshotters) {
        this.database = database;
        this.content = content;
        this.snapshotters = Map.copyOf(snapshotters);
        this.thread = Thread.ofVirtual().name("garbage-collector").start(this::run);
    }

    /** What a collection removed. */
    public record Result(int blobs, int snapshots) {}

    /** @param snapshotter its name; the id names the directory */
    private record Directory(String snapshotter, long id) {}

    private record Swept(List<Node> blobs, List<Directory> snapshots) {}

    /** Asks for a collection soon. */
    public void soon() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    private void run() {
        try {
            while (true) {
                wanted.acquire();
                Thread.sleep(GATHER);
                wanted.drainPermits();
                collectAndLog();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    private void collectAndLog() {
        try {
            var result = collect();
            log.debug("collected {} blobs and {} snapshots", result.blobs(), result.snapshots());
        } catch (ContainerdError | IOException e) {
            // what is left is found by the next collection
            log.error("collect garbage: {}", e.getMessage());
        }
    }

    /** Collects now, in the calling thread. */
    public Result collect() throws IOException {
        collecting.lock();
        try {
            var swept = database.transaction(this::sweep);
            for (var blob : swept.blobs()) {
                content.removeUnlessNamed(blob.name());
            }
            for (var directory : swept.snapshots()) {
                var snapshotter = snapshotters.get(directory.snapshotter());
                if (snapshotter != null) {
                    snapshotter.discard(directory.id());
                }
            }
            content.removeAbandoned(Instant.now().minus(INGEST_PATIENCE));
            return new Result(swept.blobs().size(), swept.snapshots().size());
        } finally {
            collecting.unlock();
        }
    }

    private Swept sweep(Database.Transaction tx) {
        var marker = new Marker(tx, Instant.now());
        var blobs = new ArrayList<Node>();
        var snapshots = new ArrayList<Directory>();
        for (var node : marker.unreachable()) {
            if (node.kind().equals(Marker.CONTENT)) {
                tx.update("DELETE FROM content WHERE namespace = ? AND digest = ?", node.namespace(), node.name());
                blobs.add(node);
            } else {
                var row = tx.first(
                        "SELECT id FROM snapshot WHERE namespace = ? AND snapshotter = ? AND name = ?",
                        node.namespace(),
                        node.kind(),
                        node.name());
                if (row != null) {
                    tx.update("DELETE FROM snapshot WHERE id = ?", row.number(0));
                    snapshots.add(new Directory(node.kind(), row.number(0)));
                }
            }
        }
        for (var image : marker.expiredImages()) {
            tx.update("DELETE FROM image WHERE namespace = ? AND name = ?", image[0], image[1]);
        }
        for (var lease : marker.expiredLeases()) {
            tx.update("DELETE FROM resource WHERE namespace = ? AND lease = ?", lease[0], lease[1]);
            tx.update("DELETE FROM lease WHERE namespace = ? AND id = ?", lease[0], lease[1]);
        }
        return new Swept(blobs, snapshots);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
