package io.drydock.containerd.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.PullRequest;
import io.drydock.containerd.client.TransferProgress;
import io.drydock.containerd.server.TestServer;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transfer between archives and the stores, over containerd's streams. */
@Timeout(120)
@RequiresRoot
class ArchiveTransferTest {
    private static final TestImage IMAGE = TestImage.of(3, 400_000);

    private final TestServer server = TestServer.start();
    private final ContainerdClient client = server.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private List<TransferProgress> load(byte[] archive) throws IOException {
        var events = new ArrayList<TransferProgress>();
        client.transfer().importImages(new ByteArrayInputStream(archive), "loaded", "overlayfs", events::add);
        return events;
    }

    private static byte[] archive(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            for (var file : files.entrySet()) {
                tar.put(TarEntry.file(file.getKey(), 0644, file.getValue().length, 0), file.getValue());
            }
            tar.finish();
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An uncompressed layer of one file. */
    private static byte[] layer(String name) throws IOException {
        return archive(Map.of(name, bytes(name)));
    }

    /** As Docker 20.10 saves: the tables of contents last, a layer used twice as a link. */
    private static byte[] dockerArchive(byte[] layer, String diffId) throws IOException {
        var config =
                bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                        + diffId + "\"]}}");
        var files = new LinkedHashMap<String, byte[]>();
        files.put("abc/VERSION", bytes("1.0"));
        files.put("abc/json", bytes("{}"));
        files.put("abc/layer.tar", layer);
        files.put("cfg.json", config);
        files.put(
                "manifest.json",
                bytes(
                        "[{\"Config\":\"cfg.json\",\"RepoTags\":[\"box:1\",\"host.test/box:2\"],\"Layers\":[\"abc/layer.tar\"]}]"));
        return archive(files);
    }

    private void assertNothingIsLeft() {
        Await.until("blobs and ingests are gone", () -> server.contentFiles().isEmpty());
        Await.until("snapshots are gone", () -> server.snapshotDirectories().isEmpty());
        assertThat(client.images().list()).isEmpty();
        assertThat(client.leases().list()).isEmpty();
    }

    @Test
    void whatIsExportedIsImportedAgainAsItWas() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var registry = FakeRegistry.start()) {
            registry.add("latest", IMAGE);
            var name = registry.name("latest");
            client.transfer()
                    .pull(
                            new PullRequest(
                                    name,
                                    name,
                                    Map.of(),
                                    List.of(),
                                    "overlayfs",
                                    new PullRequest.Registry("", "http", Map.of(), null)),
                            progress -> {});
            client.transfer().exportImages(List.of(name), out);
            client.images().delete(name, true);
            assertNothingIsLeft();

            var events = load(out.toByteArray());

            assertThat(client.images().get(name).target().digest()).isEqualTo(IMAGE.digest());
            assertThat(events)
                    .filteredOn(event -> event.event().equals("saved"))
                    .extracting(TransferProgress::name)
                    .containsExactly(name);
            assertThat(client.snapshots("overlayfs").list()).hasSize(3);
            client.images().delete(name, true);
            assertNothingIsLeft();
        }
    }

    @Test
    void theOlderFormGetsAManifestAndCompressedLayers() throws IOException {
        var layer = layer("hello");
        var diffId = Digest.sha256(layer).toString();

        load(dockerArchive(layer, diffId));

        var image = client.images().get("docker.io/library/box:1");
        assertThat(client.images().get("host.test/box:2").target()).isEqualTo(image.target());
        var manifest = Documents.manifest(client.content().read(image.target().digest()));
        assertThat(manifest.layers()).singleElement().satisfies(descriptor -> {
            assertThat(descriptor.mediaType()).isEqualTo("application/vnd.docker.image.rootfs.diff.tar.gzip");
            assertThat(client.content().info(descriptor.digest()).labels())
                    .containsEntry("containerd.io/uncompressed", diffId);
        });
        assertThat(client.snapshots("overlayfs").stat(diffId).name()).isEqualTo(diffId);
        client.images().delete("docker.io/library/box:1", true);
        client.images().delete("host.test/box:2", true);
        assertNothingIsLeft();
    }

    @Test
    void anImageWithoutANameIsNamedByItsDigest() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        IMAGE.blobs().forEach((digest, blob) -> files.put("blobs/" + digest.replace(':', '/'), blob));
        files.put("blobs/" + IMAGE.digest().replace(':', '/'), IMAGE.manifest());
        files.put(
                "index.json",
                bytes("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + IMAGE.mediaType() + "\",\"digest\":\""
                        + IMAGE.digest() + "\",\"size\":" + IMAGE.manifest().length + "}]}"));
        files.put("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));

        load(archive(files));

        assertThat(client.images().list())
                .extracting(image -> image.name())
                .containsExactly("loaded@" + IMAGE.digest());
    }

    @Test
    void brokenArchivesLeaveNothing() throws IOException {
        var layer = layer("hello");
        var good = dockerArchive(layer, Digest.sha256(layer).toString());

        assertThatThrownBy(() -> load(Arrays.copyOf(good, 1800)))
                .isInstanceOf(ContainerdException.class)
                .hasMessageContaining("unexpected EOF");
        assertThatThrownBy(() -> load(dockerArchive(layer, "sha256:" + "0".repeat(64))))
                .isInstanceOf(ContainerdException.class)
                .hasMessageContaining("wrong diff id");
        assertThatThrownBy(() -> load(archive(Map.of("blobs/sha256/" + "0".repeat(64), layer))))
                .isInstanceOf(ContainerdException.class)
                .hasMessageContaining("digest");
        assertThatThrownBy(() -> load(bytes("no archive at all, but longer than a block".repeat(20))))
                .isInstanceOf(ContainerdException.class)
                .hasMessageContaining("invalid tar header");
        assertNothingIsLeft();
    }

    @Test
    void anArchiveThatCannotBeReadEndsTheImport() throws IOException {
        var good = dockerArchive(layer("hello"), "sha256:" + "0".repeat(64));
        var failing = new InputStream() {
            private int position;

            @Override
            public int read() throws IOException {
                if (position == 1024) {
                    throw new IOException("the disk is broken");
                }
                return good[position++];
            }
        };

        assertThatThrownBy(() -> client.transfer().importImages(failing, "loaded", "overlayfs", progress -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is broken");
        assertNothingIsLeft();
    }
}
