package io.drydock.registry.server;

import io.drydock.registry.storage.Garbage;
import io.drydock.registry.storage.Storage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the registry does by itself from time to time, on one thread. */
final class Maintenance implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    /** What is cached is looked at so often in its time to live. */
    private static final int LOOKS = 10;

    private final Storage storage;
    private final Metrics metrics;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("maintenance").factory());

    private Maintenance(Storage storage, Metrics metrics) {
        this.storage = storage;
        this.metrics = metrics;
    }

    /** Something that may fail with an IOException. */
    private interface Work {
        void run() throws IOException;
    }

    static Maintenance start(Storage storage, Metrics metrics, Settings settings) {
        var maintenance = new Maintenance(storage, metrics);
        settings.proxy()
                .filter(proxy -> proxy.ttl().isPositive())
                .ifPresent(proxy -> maintenance.every(
                        proxy.ttl().dividedBy(LOOKS), "expire the cache", () -> maintenance.expire(proxy.ttl())));
        settings.proxy()
                .filter(proxy -> proxy.most() > 0)
                .ifPresent(proxy -> maintenance.every(
                        proxy.interval(), "shrink the cache", () -> maintenance.shrink(proxy.most())));
        settings.storage()
                .purging()
                .ifPresent(purging ->
                        maintenance.every(purging.interval(), "purge uploads", () -> maintenance.purge(purging)));
        settings.storage()
                .collecting()
                .ifPresent(collecting -> maintenance.every(
                        collecting.interval(), "collect garbage", () -> maintenance.collect(collecting)));
        settings.storage()
                .scrubbing()
                .ifPresent(scrubbing -> maintenance.every(
                        scrubbing.interval(), "scrub", () -> maintenance.scrub(scrubbing.putAside())));
        return maintenance;
    }

    private void every(Duration interval, String what, Work work) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | RuntimeException e) {
                        // the next turn may find the disk well again
                        log.error("{}: {}", what, e.toString());
                    }
                },
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void purge(StorageSettings.Purging purging) throws IOException {
        int purged = storage.uploads().purge(Instant.now().minus(purging.age()), purging.dryRun(), log::info);
        log.info("Purge uploads finished. Num deleted={}", purged);
    }

    private void expire(Duration ttl) throws IOException {
        int expired = storage.manifests().expire(Instant.now().minus(ttl));
        var report = storage.garbage().collect(new Garbage.Policy(ttl, false, false), log::debug);
        metrics.collected(report);
        log.info("{} manifests of the cache have expired, {} bytes are free", expired, report.bytes());
    }

    private void shrink(long most) throws IOException {
        int gone = storage.eviction().shrinkTo(most);
        if (gone > 0) {
            var report = storage.garbage().collect(new Garbage.Policy(Duration.ZERO, false, false), log::debug);
            metrics.collected(report);
            log.info("{} manifests of the cache had to go, {} bytes are free", gone, report.bytes());
        }
    }

    private void collect(StorageSettings.Collecting collecting) throws IOException {
        var policy = new Garbage.Policy(collecting.grace(), collecting.untagged(), false);
        var report = storage.garbage().collect(policy, log::debug);
        metrics.collected(report);
        log.info(
                "garbage collection: {} manifests, {} links, {} blobs, {} bytes",
                report.manifests(),
                report.links(),
                report.blobs(),
                report.bytes());
    }

    private void scrub(boolean putAside) throws IOException {
        var report = storage.scrub().run(putAside, log::error);
        metrics.scrubbed(report);
        log.info("scrub: {} blobs, {} bytes, {} damaged", report.blobs(), report.bytes(), report.damaged());
    }

    /** Waits for what is being done. */
    @Override
    public void close() {
        timer.shutdown();
        timer.close();
    }
}
