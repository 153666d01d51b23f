package io.drydock.containerd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client speaks containerd's protocol: the original answers it. */
@RequiresRoot
@Timeout(120)
class OriginalContainerdTest {
    @TempDir
    Path dir;

    private OriginalContainerd containerd;
    private ContainerdClient client;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(OriginalContainerd.available(), "needs the original containerd");
        containerd = new OriginalContainerd(dir);
        client = ContainerdClient.connect(containerd.socket(), "drydock-test");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (client != null) {
            client.close();
        }
        if (containerd != null) {
            containerd.close();
        }
    }

    private static Descriptor descriptor(byte[] bytes) throws NoSuchAlgorithmException {
        return new Descriptor(
                "application/octet-stream",
                "sha256:"
                        + HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                bytes.length);
    }

    private Descriptor write(byte[] bytes) throws Exception {
        Descriptor blob = descriptor(bytes);
        client.content().write("ref-" + blob.digest(), blob, new ByteArrayInputStream(bytes), Map.of("kind", "test"));
        return blob;
    }

    @Test
    void tellsItsVersion() {
        assertThat(client.version().version()).isNotEmpty();
    }

    @Test
    void storesBlobs() throws Exception {
        byte[] bytes = "x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8);
        Descriptor blob = write(bytes);
        write(bytes);
        assertThat(client.content().info(blob.digest()).size()).isEqualTo(bytes.length);
        assertThat(client.content().info(blob.digest()).labels()).containsEntry("kind", "test");
        assertThat(client.content().read(blob.digest())).isEqualTo(bytes);
        try (InputStream tail = client.content().open(blob.digest(), bytes.length - 4)) {
            assertThat(tail.readAllBytes()).asString().isEqualTo("xxxx");
        }
        assertThat(client.content()
                        .updateLabels(blob.digest(), Map.of("kind", "other", "new", "1"))
                        .labels())
                .containsEntry("kind", "other")
                .containsEntry("new", "1");
        assertThat(client.content().list("labels.new==1")).hasSize(1);
        client.content().delete(blob.digest());
        assertThatThrownBy(() -> client.content().info(blob.digest()))
                .isInstanceOfSatisfying(
                        ContainerdException.class, e -> assertThat(e.notFound()).isTrue());
    }

    @Test
    void refusesBlobsThatAreNotWhatTheySay() throws Exception {
        Descriptor other = descriptor("other".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> client.content()
                        .write(
                                "bad",
                                other,
                                new ByteArrayInputStream("wrong".getBytes(StandardCharsets.UTF_8)),
                                Map.of()))
                .isInstanceOf(ContainerdException.class);
    }

    @Test
    void namesImages() throws Exception {
        Descriptor blob = write("manifest".getBytes(StandardCharsets.UTF_8));
        client.images().create(new Image("docker.io/library/a:1", blob, Map.of("l", "1")));
        assertThatThrownBy(() -> client.images().create(new Image("docker.io/library/a:1", blob, Map.of())))
                .isInstanceOfSatisfying(
                        ContainerdException.class,
                        e -> assertThat(e.alreadyExists()).isTrue());
        client.images().put(new Image("docker.io/library/a:1", blob, Map.of("l", "2")));
        Image image = client.images().get("docker.io/library/a:1");
        assertThat(image.target()).isEqualTo(blob);
        assertThat(image.labels()).containsEntry("l", "2");
        assertThat(image.createdAt()).isAfter(Instant.EPOCH);
        assertThat(client.images().list()).hasSize(1);
        client.images().delete("docker.io/library/a:1", true);
        assertThat(client.images().list()).isEmpty();
    }

    @Test
    void makesSnapshots() {
        // a snapshot that nothing holds is garbage, and the original may collect at any time
        Snapshots snapshots = client.snapshots("native");
        List<Mount> mounts = snapshots.prepare("active", "", Map.of("containerd.io/gc.root", "1"));
        assertThat(mounts).hasSize(1);
        assertThat(snapshots.mounts("active")).isEqualTo(mounts);
        assertThat(snapshots.stat("active").kind()).isEqualTo(Snapshot.Kind.ACTIVE);
        snapshots.commit("base", "active", Map.of("containerd.io/gc.root", "1"));
        assertThat(snapshots.view("view", "base", Map.of("containerd.io/gc.root", "1")))
                .hasSize(1);
        assertThat(snapshots.list()).extracting(Snapshot::name).containsExactlyInAnyOrder("base", "view");
        assertThat(snapshots.usage("base").inodes()).isPositive();
        assertThat(snapshots.updateLabels("base", Map.of("a", "b")).labels()).containsEntry("a", "b");
        snapshots.remove("view");
        snapshots.remove("base");
        assertThat(snapshots.list()).isEmpty();
    }

    @Test
    void leasesHoldThings() throws Exception {
        Lease lease = client.leases()
                .create(
                        "l1",
                        Map.of(Lease.EXPIRE, Instant.now().plusSeconds(3600).toString()));
        assertThat(lease.id()).isEqualTo("l1");
        Descriptor blob = descriptor("held".getBytes(StandardCharsets.UTF_8));
        client.withLease("l1")
                .content()
                .write("held", blob, new ByteArrayInputStream("held".getBytes(StandardCharsets.UTF_8)), Map.of());
        assertThat(client.leases().resources("l1")).contains(new Lease.Resource(blob.digest(), "content"));
        client.leases().remove("l1", new Lease.Resource(blob.digest(), "content"));
        client.leases().add("l1", new Lease.Resource(blob.digest(), "content"));
        assertThat(client.leases().list()).extracting(Lease::id).contains("l1");
        client.leases().delete("l1", true);
        assertThat(client.leases().list()).isEmpty();
    }

    @Test
    void keepsContainersAndTellsEvents() throws Exception {
        BlockingQueue<ContainerdEvent> events = new LinkedBlockingQueue<>();
        try (Subscription subscription = client.events().subscribe(List.of("topic~=|^/containers/|"), events::add)) {
            assertThat(next(events)).isInstanceOf(ContainerdEvent.Subscribed.class);
            client.containers().create(container("c1"));
            assertThat(next(events))
                    .isInstanceOfSatisfying(
                            ContainerdEvent.Other.class,
                            event -> assertThat(event.topic()).isEqualTo("/containers/create"));

            containerd.kill();
            containerd.start();
            assertThat(client.containers().get("c1").labels()).containsEntry("a", "b");
            assertThat(next(events)).isInstanceOf(ContainerdEvent.Subscribed.class);

            client.containers().updateSpec("c1", "{\"ociVersion\":\"1.1.0\"}".getBytes(StandardCharsets.UTF_8));
            client.containers().updateLabels("c1", Map.of("a", "c"));
            Container read = client.containers().get("c1");
            assertThat(new String(read.spec(), StandardCharsets.UTF_8)).contains("1.1.0");
            assertThat(read.labels()).containsEntry("a", "c");
            assertThat(read.runtime()).isEqualTo("io.containerd.runc.v2");
            assertThat(client.containers().list("id==c1")).hasSize(1);
            assertThat(client.tasks().list()).isEmpty();
            assertThatThrownBy(() -> client.tasks().get("c1", Tasks.INIT))
                    .isInstanceOfSatisfying(
                            ContainerdException.class,
                            e -> assertThat(e.notFound()).isTrue());
            client.containers().delete("c1");
            assertThat(client.containers().list()).isEmpty();
        }
    }

    private static Container container(String id) {
        return new Container(
                id,
                Map.of("a", "b"),
                "docker.io/library/a:1",
                "io.containerd.runc.v2",
                new RuncOptions(),
                "{\"ociVersion\":\"1.0.2\"}".getBytes(StandardCharsets.UTF_8),
                "",
                "");
    }

    private static ContainerdEvent next(BlockingQueue<ContainerdEvent> events) throws InterruptedException {
        ContainerdEvent event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).as("an event within its time").isNotNull();
        return event;
    }
}
