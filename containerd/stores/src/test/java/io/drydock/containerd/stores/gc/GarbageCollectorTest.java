package io.drydock.containerd.stores.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.stores.content.LocalContentStore;
import io.drydock.containerd.stores.metadata.Containers;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.metadata.Images;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.containerd.stores.snapshot.OverlaySnapshotter;
import io.drydock.linux.Linux;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageCollectorTest {
    private static final String NS = "test";
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    private static final CollectionSchedule ON_DEMAND =
            new CollectionSchedule(0, 0, 0, Duration.ofDays(1), Duration.ZERO);

    @TempDir
    private Path directory;

    private Database database;
    private LocalContentStore content;
    private OverlaySnapshotter overlay;
    private GarbageCollector collector;
    private Images images;
    private Leases leases;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(directory.resolve("meta.db"));
        content = new LocalContentStore(directory.resolve("content"), database);
        overlay = new OverlaySnapshotter(Linux.system(), directory.resolve("overlay"), database);
        collector = new GarbageCollector(database, content, Map.of("overlayfs", overlay), ON_DEMAND);
        images = new Images(database);
        leases = new Leases(database);
    }

    @AfterEach
    void close() {
        collector.close();
        overlay.close();
        database.close();
    }

    private String blob(String text, Map<String, String> labels) throws IOException {
        return leased("", text, labels);
    }

    private String leased(String lease, String text, Map<String, String> labels) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var ingest = content.ingest(NS, lease, text, 0, "")) {
            ingest.write(bytes, 0, bytes.length);
            return ingest.commit(0, "", labels);
        }
    }

    private List<String> blobs() {
        return content.list(NS, Filter.parse(List.of())).stream()
                .map(info -> info.digest())
                .toList();
    }

    private List<String> snapshots() {
        return overlay.list(NS, Filter.parse(List.of())).stream()
                .map(info -> info.name())
                .toList();
    }

    @Test
    void whatNothingReachesGoes() throws IOException {
        blob("alone", Map.of());
        overlay.prepare(NS, "", "extract-1 x", "", Map.of());
        overlay.commit(NS, "", "layer", "extract-1 x", "", Map.of());

        assertThat(collector.collect()).isEqualTo(new GarbageCollector.Result(1, 1));

        assertThat(blobs()).isEmpty();
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void anImageKeepsWhatItsLabelsReach() throws IOException {
        overlay.prepare(NS, "", "w1", "", Map.of());
        overlay.commit(NS, "", "low", "w1", "", Map.of());
        overlay.prepare(NS, "", "w2", "low", Map.of());
        overlay.commit(NS, "", "high", "w2", "", Map.of());
        var layer = blob("layer", Map.of());
        var config = blob("config", Map.of(Labels.GC_REF_SNAPSHOT + "overlayfs", "high"));
        var manifest = blob(
                "manifest", Map.of(Labels.GC_REF_CONTENT + ".config", config, Labels.GC_REF_CONTENT + ".l.0", layer));
        images.create(NS, "box", TYPE, manifest, 8, Map.of());

        collector.collect();
        assertThat(blobs()).containsExactlyInAnyOrder(layer, config, manifest);
        assertThat(snapshots()).containsExactly("low", "high");

        images.delete(NS, "box", "");
        collector.collect();
        assertThat(blobs()).isEmpty();
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void aLeaseKeepsWhatWasMadeUnderIt() throws IOException {
        leases.create(NS, "held", Map.of());
        var kept = leased("held", "kept", Map.of());
        overlay.prepare(NS, "held", "extract-2 y", "", Map.of());
        overlay.commit(NS, "held", "snapshot", "extract-2 y", "", Map.of());

        collector.collect();
        assertThat(blobs()).containsExactly(kept);
        assertThat(snapshots()).containsExactly("snapshot");

        leases.delete(NS, "held");
        collector.collect();
        assertThat(blobs()).isEmpty();
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void anExpiredLeaseKeepsNothingAndGoes() throws IOException {
        leases.create(
                NS,
                "old",
                Map.of(
                        Labels.GC_EXPIRE,
                        Instant.now()
                                .minusSeconds(5)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()));
        leases.create(
                NS,
                "new",
                Map.of(
                        Labels.GC_EXPIRE,
                        Instant.now()
                                .plusSeconds(3600)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()));
        leased("old", "gone", Map.of());
        var kept = leased("new", "kept", Map.of());

        collector.collect();

        assertThat(blobs()).containsExactly(kept);
        assertThat(leases.list(NS, Filter.parse(List.of())))
                .extracting(Leases.Lease::id)
                .containsExactly("new");
    }

    @Test
    void rootsAndActiveSnapshotsStay() throws IOException {
        var root = blob("root", Map.of(Labels.GC_ROOT, "2026-01-01T00:00:00Z"));
        overlay.prepare(NS, "", "w", "", Map.of());
        overlay.commit(NS, "", "base", "w", "", Map.of());
        overlay.prepare(NS, "", "container", "base", Map.of());

        collector.collect();

        assertThat(blobs()).containsExactly(root);
        assertThat(snapshots()).containsExactly("base", "container");
    }

    @Test
    void namespacesShareBytesButNotReferences() throws IOException {
        var here = blob("same", Map.of());
        try (var ingest = content.ingest("other", "", "same", 0, "")) {
            ingest.write("same".getBytes(StandardCharsets.UTF_8), 0, 4);
            ingest.commit(0, "", Map.of(Labels.GC_ROOT, "x"));
        }

        collector.collect();

        assertThat(blobs()).isEmpty();
        try (var blob = content.open("other", here)) {
            assertThat(blob.size()).isEqualTo(4);
        }
    }

    @Test
    void containersKeepTheirSnapshots() throws IOException {
        overlay.prepare(NS, "", "extract-3 root", "", Map.of());
        var containers = new Containers(database);
        containers.create(
                NS,
                io.drydock.spec.containerd.services.containers.v1.Container.newBuilder()
                        .setId("c")
                        .setSnapshotter("overlayfs")
                        .setSnapshotKey("extract-3 root")
                        .setRuntime(io.drydock.spec.containerd.services.containers.v1.Container.Runtime.newBuilder()
                                .setName("r"))
                        .setSpec(com.google.protobuf.Any.newBuilder().setTypeUrl("t"))
                        .build());

        collector.collect();
        assertThat(snapshots()).containsExactly("extract-3 root");

        containers.delete(NS, "c");
        collector.collect();
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void whatIsTakenUpAfterTheMarkingStaysWithAllItRefersTo() throws IOException {
        overlay.prepare(NS, "", "w1", "", Map.of());
        overlay.commit(NS, "", "low", "w1", "", Map.of());
        overlay.prepare(NS, "", "w2", "low", Map.of());
        overlay.commit(NS, "", "high", "w2", "", Map.of());
        var layer = blob("layer", Map.of());
        var manifest = blob("manifest", Map.of(Labels.GC_REF_CONTENT, layer));
        var other = blob("other", Map.of());
        var gone = blob("gone", Map.of());
        leases.create(NS, "lease", Map.of());

        collector.collect(() -> {
            images.create(NS, "box", TYPE, manifest, 8, Map.of());
            leases.add(NS, "lease", new Leases.Resource("content", other));
            try {
                overlay.prepare(NS, "", "container", "high", Map.of());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        assertThat(blobs()).containsExactlyInAnyOrder(layer, manifest, other).doesNotContain(gone);
        assertThat(snapshots()).containsExactly("low", "high", "container");
    }

    @Test
    void manyAreRemovedParentsLastAndAFewAtATimeHoweverLargeTheStoreIs() throws IOException {
        var parent = "";
        for (int i = 0; i < 120; i++) {
            overlay.prepare(NS, "", "w", parent, Map.of());
            overlay.commit(NS, "", "layer-" + i, "w", "", Map.of());
            parent = "layer-" + i;
        }
        database.transaction(tx -> {
            for (int i = 0; i < 4000; i++) {
                // every tenth is garbage
                var labels = i % 10 == 0 ? Map.<String, String>of() : Map.of(Labels.GC_ROOT, "x");
                tx.update(
                        "INSERT INTO content VALUES (?, ?, ?, ?, 0, 0)",
                        NS,
                        "sha256:%064x".formatted(i),
                        1,
                        Labels.encode(labels));
            }
            return true;
        });

        assertThat(collector.collect()).isEqualTo(new GarbageCollector.Result(400, 120));

        assertThat(snapshots()).isEmpty();
        assertThat(blobs()).hasSize(3600);
        // leases, the batches, and the empty batch at the end
        assertThat(collector.pauses().most()).isEqualTo(50);
        assertThat(collector.pauses().turns()).isEqualTo(1 + (400 + 120) / 50 + 2);
    }

    @Test
    void aFlatLeaseHoldsOnlyWhatItNames() throws IOException {
        var layer = blob("layer", Map.of());
        var manifest = blob("manifest", Map.of(Labels.GC_REF_CONTENT, layer));
        leases.create(NS, "flat", Map.of(Labels.GC_FLAT, ""));
        leases.add(NS, "flat", new Leases.Resource("content", manifest));

        collector.collect();

        assertThat(blobs()).containsExactly(manifest);
    }

    @Test
    void whatRefersBackwardsIsKeptAsLongAsWhatItNames() throws IOException {
        var manifest = blob("manifest", Map.of());
        images.create(NS, "box", TYPE, manifest, 8, Map.of());
        var signature = blob("signature", Map.of(Labels.GC_BACK_REF + "content.1", manifest));
        var note = blob("note", Map.of(Labels.GC_BACK_REF + "image", "box"));
        blob("orphan", Map.of(Labels.GC_BACK_REF + "content", "sha256:" + "0".repeat(64)));

        collector.collect();
        assertThat(blobs()).containsExactlyInAnyOrder(manifest, signature, note);

        images.delete(NS, "box", "");
        collector.collect();
        assertThat(blobs()).isEmpty();
    }

    @Test
    void thingsWithATimeStayUntilItComes() throws IOException {
        var later =
                Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString();
        var past = Instant.now().minusSeconds(5).truncatedTo(ChronoUnit.SECONDS).toString();
        var kept = blob("kept", Map.of(Labels.GC_EXPIRE, later));
        blob("gone", Map.of(Labels.GC_EXPIRE, past));
        images.create(NS, "old", TYPE, blob("target", Map.of()), 6, Map.of(Labels.GC_EXPIRE, past));

        collector.collect();

        assertThat(blobs()).containsExactly(kept);
        assertThat(images.list(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void deletionsAreCollectedByTheSchedule() throws IOException {
        collector.close();
        var schedule = new CollectionSchedule(0, 2, 0, Duration.ofMillis(1), Duration.ZERO);
        collector = new GarbageCollector(database, content, Map.of("overlayfs", overlay), schedule);
        collector.start();
        blob("alone", Map.of());

        collector.soon();
        collector.soon();

        Await.until("it is collected", () -> blobs().isEmpty());
    }

    @Test
    void changesAreCollectedByTheSchedule() throws IOException {
        collector.close();
        var schedule = new CollectionSchedule(0.5, 0, 3, Duration.ZERO, Duration.ZERO);
        collector = new GarbageCollector(database, content, Map.of("overlayfs", overlay), schedule);
        collector.start();

        for (int i = 0; i < 10; i++) {
            blob("blob " + i, Map.of());
        }

        Await.until("some are collected", () -> blobs().size() < 10);
    }
}
