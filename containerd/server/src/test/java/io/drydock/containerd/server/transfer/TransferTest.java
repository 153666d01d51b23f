package io.drydock.containerd.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Credentials;
import io.drydock.containerd.client.PullRequest;
import io.drydock.containerd.client.TransferProgress;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.TestServer;
import io.drydock.containerd.stores.unpack.ParallelUnpacker;
import io.drydock.containerd.stores.unpack.TemporaryMount;
import io.drydock.linux.Linux;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Images between a registry and a whole containerd, by its client, over its socket. */
@RequiresRoot
class TransferTest {
    private static final TestImage IMAGE = TestImage.of(4, 50_000);

    private final FakeRegistry registry = FakeRegistry.start();
    private final TestServer server = TestServer.start();
    private final ContainerdClient client = server.client();

    @AfterEach
    void close() {
        client.close();
        registry.close();
        server.close();
    }

    private PullRequest request(String tag, @Nullable Credentials credentials) {
        return from(tag, new PullRequest.Registry("", "http", Map.of(), credentials));
    }

    private PullRequest from(String tag, PullRequest.Registry settings) {
        var name = registry.name(tag);
        return new PullRequest(name, name, Map.of(), List.of(), "overlayfs", settings);
    }

    private static PullRequest.Registry limited(int downloads, int uploads, int attempts) {
        return new PullRequest.Registry(
                "", "http", Map.of(), null, new PullRequest.Limits(downloads, uploads, attempts));
    }

    private List<TransferProgress> pull(String tag) {
        var events = new ArrayList<TransferProgress>();
        client.transfer().pull(request(tag, null), events::add);
        return events;
    }

    /** On a thread of its own: the common pool may have a single one. */
    private static CompletableFuture<Void> inBackground(Runnable work) {
        return CompletableFuture.runAsync(work, runnable -> Thread.ofVirtual().start(runnable));
    }

    private static String topChain() {
        var chain = "";
        for (var diffId : IMAGE.diffIds()) {
            chain = ParallelUnpacker.chainId(chain, diffId);
        }
        return chain;
    }

    private void assertNothingIsLeft() {
        Await.until("blobs and ingests are gone", () -> server.contentFiles().isEmpty());
        Await.until("snapshots are gone", () -> server.snapshotDirectories().isEmpty());
        assertThat(client.images().list()).isEmpty();
        assertThat(client.content().list()).isEmpty();
        assertThat(client.snapshots("overlayfs").list()).isEmpty();
        assertThat(client.leases().list()).isEmpty();
    }

    @Test
    void anImageIsPulledAndUnpacked() throws IOException {
        registry.add("latest", IMAGE);

        var events = pull("latest");

        assertThat(client.images().get(registry.name("latest")).target().digest())
                .isEqualTo(IMAGE.digest());
        for (var layer : IMAGE.layers()) {
            assertThat(events)
                    .filteredOn(event -> event.name().equals(layer))
                    .extracting(TransferProgress::event)
                    .containsSubsequence("waiting", "downloading", "complete", "extracting", "extracted");
        }
        assertThat(events.getLast().event()).isEqualTo("saved");
        var mounts = client.snapshots("overlayfs").view("look", topChain(), Map.of()).stream()
                .map(mount -> new Snapshotter.Mount(mount.type(), mount.source(), mount.options()))
                .toList();
        try (var mount =
                TemporaryMount.of(Linux.system(), mounts, server.directory().resolve("look"))) {
            assertThat(mount.path().resolve("data")).isDirectoryNotContaining("glob:**/0");
            assertThat(mount.path().resolve("data/3")).hasSize(50_000);
        }
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        registry.add("latest", IMAGE);
        pull("latest");
        registry.requests.clear();

        var events = pull("latest");

        assertThat(registry.requestsFor("/blobs/")).isZero();
        assertThat(events)
                .filteredOn(event -> IMAGE.layers().contains(event.name()))
                .extracting(TransferProgress::event)
                .contains("already exists")
                .doesNotContain("downloading");
    }

    @Test
    void twoPullsOfOneImageFetchEachLayerOnce() {
        registry.add("latest", IMAGE);
        registry.held = Set.of(IMAGE.layers().get(1));
        var first = inBackground(() -> pull("latest"));
        Await.until(
                "a layer is being fetched",
                () -> registry.requestsFor(IMAGE.layers().get(1)) > 0);
        var second = inBackground(() -> pull("latest"));
        Await.until("the second pull has begun", () -> registry.requestsFor("/manifests/latest") == 2);
        registry.release.countDown();

        first.join();
        second.join();

        for (var layer : IMAGE.layers()) {
            assertThat(registry.requestsFor("GET /v2/box/blobs/" + layer)).isEqualTo(1);
        }
    }

    @Test
    void aRemovedImageTakesItsBlobsAndSnapshotsWithIt() {
        registry.add("latest", IMAGE);
        pull("latest");

        client.images().delete(registry.name("latest"), true);

        assertNothingIsLeft();
    }

    @Test
    void anImageOutlivesARestart() {
        registry.add("latest", IMAGE);
        pull("latest");

        server.restart();

        Await.until("it serves again", () -> client.images().list().size() == 1);
        assertThat(client.snapshots("overlayfs").stat(topChain()).name()).isEqualTo(topChain());
        assertThat(client.content().read(IMAGE.digest())).isEqualTo(IMAGE.manifest());
    }

    @Test
    void whatAKilledServerLeftOfATransferIsGoneAfterItsNextStart() throws IOException {
        // as SIGKILL leaves it: a lease of a transfer, an ingest, a snapshot that was being unpacked
        client.leases().create("transfer-dead", Map.of());
        var leased = client.withLease("transfer-dead");
        leased.snapshots("overlayfs").prepare("extract-dead sha256:0", "", Map.of());
        var ingest = server.directory().resolve("root/io.containerd.content.v1.content/ingest/" + "0".repeat(64));
        Files.createDirectories(ingest);
        Files.writeString(ingest.resolve("ref"), "test\n9\n\nlayer-sha256:0");
        Files.writeString(ingest.resolve("data"), "half");

        server.restart();

        Await.until("it serves again", () -> client.leases().list().isEmpty());
        assertNothingIsLeft();
    }

    @Test
    void aCorruptLayerIsRefusedAndLeavesNothing() {
        registry.add("latest", IMAGE);
        var digest = IMAGE.layers().get(2);
        var corrupt = Objects.requireNonNull(IMAGE.blobs().get(digest)).clone();
        corrupt[corrupt.length / 2] ^= 1;
        registry.blobs.put(digest, corrupt);

        assertThatThrownBy(() -> pull("latest"))
                .isInstanceOf(ContainerdException.class)
                .hasMessageContaining("verification failed for digest " + digest);
        assertNothingIsLeft();
    }

    @Test
    void aConnectionThatAlwaysBreaksIsReportedAndLeavesNothing() {
        registry.add("latest", IMAGE);
        registry.cut = IMAGE.layers().get(1);

        assertThatThrownBy(() -> client.transfer().pull(from("latest", limited(0, 0, 2)), progress -> {}))
                .isInstanceOf(ContainerdException.class)
                .hasMessageContaining("unexpected EOF");
        assertThat(registry.requestsFor("GET /v2/box/blobs/" + registry.cut)).isEqualTo(2);
        assertNothingIsLeft();

        registry.cut = "";
        pull("latest");
        assertThat(client.images().list()).hasSize(1);
    }

    @Test
    void anUnknownTagIsNotFound() {
        assertThatThrownBy(() -> pull("missing")).isInstanceOfSatisfying(ContainerdException.class, e -> {
            assertThat(e.kind()).isEqualTo(ContainerdException.Kind.NOT_FOUND);
            assertThat(e).hasMessageContaining("manifest unknown");
        });
    }

    @Test
    void theClientIsAskedForItsCredentials() {
        registry.add("latest", IMAGE);
        registry.password = "me:secret";

        assertThatThrownBy(() -> pull("latest"))
                .isInstanceOfSatisfying(
                        ContainerdException.class,
                        e -> assertThat(e.kind()).as(e.toString()).isEqualTo(ContainerdException.Kind.UNAUTHENTICATED));
        client.transfer()
                .pull(
                        request("latest", (host, reference) -> new Credentials.Answer.Password("me", "secret")),
                        progress -> {});
        assertThat(client.images().list()).hasSize(1);
    }

    @Test
    void anImageIsTaggedAndPushed() {
        registry.add("latest", IMAGE);
        pull("latest");
        var blob = registry.blobs.remove(IMAGE.layers().get(3));
        var events = new ArrayList<TransferProgress>();

        client.transfer().tag(registry.name("latest"), registry.name("other"));
        client.transfer()
                .push(
                        registry.name("other"),
                        registry.name("other"),
                        new PullRequest.Registry("", "http", Map.of(), null),
                        events::add);

        assertThat(registry.manifests.get("other")).isEqualTo(IMAGE.manifest());
        assertThat(registry.blobs.get(IMAGE.layers().get(3))).isEqualTo(blob);
        assertThat(events)
                .filteredOn(event -> event.name().equals(IMAGE.layers().get(0)))
                .extracting(TransferProgress::event)
                .contains("already exists");
    }

    @Test
    void noMoreIsFetchedOrSentAtOnceThanTheClientAllows() throws Exception {
        registry.add("latest", IMAGE);
        registry.held = Set.copyOf(IMAGE.layers());
        var pull = inBackground(() -> client.transfer().pull(from("latest", limited(2, 0, 0)), progress -> {}));
        Await.until("two layers are asked for", () -> registry.mostHeld.get() >= 2);
        registry.release.countDown();
        pull.get(60, TimeUnit.SECONDS);
        assertThat(registry.mostHeld).hasValue(2);

        // this registry takes one upload at a time
        registry.blobs.clear();
        client.transfer().push(registry.name("latest"), registry.name("latest"), limited(0, 1, 0), progress -> {});
        IMAGE.blobs()
                .forEach((digest, blob) ->
                        assertThat(registry.blobs.get(digest)).as(digest).isEqualTo(blob));
    }

    @Test
    void aMirrorOfHostsTomlIsAskedFirst() throws IOException {
        registry.add("latest", IMAGE);
        var hosts = server.directory().resolve("hosts");
        Files.createDirectories(hosts.resolve("far.example"));
        var mirror = registry.name("latest").split("/")[0];
        Files.writeString(
                hosts.resolve("far.example/hosts.toml"),
                "server = \"https://far.example\"\n[host.\"http://" + mirror
                        + "\"]\n  capabilities = [\"pull\", \"resolve\"]\n");

        client.transfer()
                .pull(
                        new PullRequest(
                                "far.example/box:latest",
                                "far.example/box:latest",
                                Map.of(),
                                List.of(),
                                "",
                                new PullRequest.Registry(hosts.toString(), "", Map.of(), null)),
                        progress -> {});

        assertThat(client.images().get("far.example/box:latest").target().digest())
                .isEqualTo(IMAGE.digest());
    }
}
