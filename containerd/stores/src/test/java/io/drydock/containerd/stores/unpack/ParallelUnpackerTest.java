package io.drydock.containerd.stores.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.core.Filter;
import io.drydock.containerd.stores.content.LocalContentStore;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.containerd.stores.snapshot.OverlaySnapshotter;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.Linux;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class ParallelUnpackerTest {
    private static final String NS = "test";

    private final Map<String, byte[]> blobs = new HashMap<>();
    private Path directory;
    private Database database;
    private LocalContentStore content;
    private OverlaySnapshotter overlay;
    private ParallelUnpacker unpacker;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "unp");
        database = Database.open(directory.resolve("meta.db"));
        content = new LocalContentStore(directory.resolve("content"), database);
        overlay = new OverlaySnapshotter(Linux.system(), directory.resolve("overlay"), database);
        var leases = new Leases(database);
        leases.create(NS, "pull", Map.of());
        unpacker = new ParallelUnpacker(content, leases, new LayerWriter(Linux.system(), directory.resolve("mounts")));
    }

    @AfterEach
    void close() throws IOException {
        overlay.close();
        database.close();
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private interface Entries {
        void write(TarWriter tar) throws IOException;
    }

    private Layer layer(Entries entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            entries.write(tar);
        }
        var blob = bytes.toByteArray();
        var digest = Digest.sha256(blob).toString();
        blobs.put(digest, blob);
        return new Layer("application/vnd.oci.image.layer.v1.tar", digest, blob.length, digest, Map.of());
    }

    private String unpack(List<Layer> layers) throws IOException {
        return unpacker.unpack(
                new ParallelUnpacker.Target(NS, "pull", overlay),
                layers,
                layer -> new ByteArrayInputStream(blobs.get(layer.digest())),
                (layer, step, progress) -> {});
    }

    private void look(String chain, TestOfTree test) throws IOException {
        var mounts = overlay.view(NS, "", "look", chain, Map.of());
        try (var mount = TemporaryMount.of(Linux.system(), mounts, directory.resolve("mounts"))) {
            test.of(mount.path());
        }
    }

    private interface TestOfTree {
        void of(Path root) throws IOException;
    }

    private static TarEntry link(String name, String target) {
        return TarEntry.of(name, TarType.HARD_LINK, 0644, 0, new TarEntry.TarTime(1, 0), target);
    }

    @Test
    void aFullDiskIsToldAndNotWhatFollowsFromIt() throws IOException {
        var leases = new Leases(database);
        unpacker = new ParallelUnpacker(
                new FullContentStore(content), leases, new LayerWriter(Linux.system(), directory.resolve("mounts")));
        var layer = layer(tar -> tar.put(TarEntry.file("f", 0644, 0, 0)));
        assertThatThrownBy(() -> unpack(List.of(layer))).hasMessage("No space left on device");
        assertThat(content.statuses(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void aLayerThatNeedsItsParentIsWrittenOntoIt() throws IOException {
        var low = layer(tar -> tar.put(TarEntry.file("file", 0644, 3, 1), new byte[] {'a', 'b', 'c'}));
        var high = layer(tar -> tar.put(link("hard", "file")));

        look(unpack(List.of(low, high)), root -> {
            assertThat(root.resolve("hard")).hasContent("abc");
            assertThat(Files.getAttribute(root.resolve("hard"), "unix:nlink")).isEqualTo(2);
        });
    }

    @Test
    void directoriesThatALayerDoesNotDescribeLookAsBelow() throws IOException {
        var low = layer(tar -> tar.put(TarEntry.directory("secret", 0700, 1)));
        var high = layer(tar -> tar.put(TarEntry.file("secret/f", 0644, 0, 1), new byte[0]));

        look(
                unpack(List.of(low, high)),
                root -> assertThat(Files.getAttribute(root.resolve("secret"), "unix:mode"))
                        .isEqualTo(040700));
    }

    @Test
    void manyLayersAreStackedInOrder() throws IOException {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < 30; i++) {
            var text = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            layers.add(layer(tar -> tar.put(TarEntry.file("number", 0644, text.length, 1), text)));
        }
        look(unpack(layers), root -> assertThat(root.resolve("number")).hasContent("29"));
        assertThat(overlay.list(NS, Filter.parse(List.of("kind==committed")))).hasSize(30);
    }

    @Test
    void theSameLayerTwiceIsFetchedOnce() throws IOException {
        var same = layer(tar -> tar.put(TarEntry.file("f", 0644, 0, 1), new byte[0]));
        var fetched = new ArrayList<String>();
        unpacker.unpack(
                new ParallelUnpacker.Target(NS, "pull", overlay),
                List.of(same, same, same),
                layer -> {
                    synchronized (fetched) {
                        fetched.add(layer.digest());
                    }
                    return new ByteArrayInputStream(blobs.get(layer.digest()));
                },
                (layer, step, progress) -> {});
        assertThat(fetched).hasSize(1);
        assertThat(overlay.list(NS, Filter.parse(List.of()))).hasSize(3);
    }

    @Test
    void aWrongDiffIdIsRefusedAndNoSnapshotIsLeft() throws IOException {
        var good = layer(tar -> tar.put(TarEntry.file("f", 0644, 0, 1), new byte[0]));
        var wrong = new Layer(
                good.mediaType(),
                good.digest(),
                good.size(),
                Digest.sha256(new byte[1]).toString(),
                Map.of());
        assertThatThrownBy(() -> unpack(List.of(wrong))).hasMessageContaining("wrong diff id calculated on extraction");
        assertThat(overlay.list(NS, Filter.parse(List.of()))).isEmpty();
        assertThat(content.statuses(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void theFirstFailureIsTheOneThatIsTold() throws IOException {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < 12; i++) {
            var name = "f" + i;
            layers.add(layer(tar -> tar.put(TarEntry.file(name, 0644, 0, 1), new byte[0])));
        }
        assertThatThrownBy(() -> unpacker.unpack(
                        new ParallelUnpacker.Target(NS, "pull", overlay),
                        layers,
                        layer -> {
                            throw new IOException("no such host");
                        },
                        (layer, step, progress) -> {}))
                .hasMessage("no such host");
        assertThat(overlay.list(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void withoutASnapshotterBlobsAreFetchedOnly() throws IOException {
        var layer = layer(tar -> tar.put(TarEntry.file("f", 0644, 0, 1), new byte[0]));
        unpacker.unpack(
                new ParallelUnpacker.Target(NS, "pull", null),
                List.of(layer),
                one -> new ByteArrayInputStream(blobs.get(one.digest())),
                (one, step, progress) -> {});
        assertThat(content.list(NS, Filter.parse(List.of()))).hasSize(1);
        assertThat(overlay.list(NS, Filter.parse(List.of()))).isEmpty();
    }
}
