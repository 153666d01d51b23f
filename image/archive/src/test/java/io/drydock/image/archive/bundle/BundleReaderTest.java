package io.drydock.image.archive.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.image.archive.bundle.ImageBundle.Docker;
import io.drydock.image.archive.bundle.ImageBundle.Layout;
import io.drydock.image.archive.stream.Compression;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarEntry.TarTime;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Archives as docker save, skopeo and podman write them, and such as nobody should. */
class BundleReaderTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes);
    private final Map<String, String> stored = new HashMap<>();

    private void file(String name, String content) throws IOException {
        var data = content.getBytes(StandardCharsets.UTF_8);
        tar.put(TarEntry.file(name, 0644, data.length, 0), data);
    }

    private ImageBundle read() throws IOException {
        tar.finish();
        return read(bytes.toByteArray());
    }

    private ImageBundle read(byte[] archive) throws IOException {
        return BundleReader.read(new ByteArrayInputStream(archive), (size, content) -> {
            var data = content.readAllBytes();
            assertThat(data).hasSize((int) size);
            var digest = Digest.sha256(data).toString();
            stored.put(digest, new String(data, StandardCharsets.UTF_8));
            return digest;
        });
    }

    private static String digest(String content) {
        return Digest.sha256(content.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Test
    void theOldFormSharesLayersByLinks() throws IOException {
        file("one.json", "config");
        file("a/VERSION", "1.0");
        file("a/json", "{}");
        file("a/layer.tar", "layer");
        tar.put(TarEntry.of("b/layer.tar", TarType.SYMLINK, 0777, 0, new TarTime(0, 0), "../a/layer.tar"));
        file("repositories", "{}");
        file(
                "manifest.json",
                "[{\"Config\":\"one.json\",\"RepoTags\":[\"box:1\",\"box:2\"],\"Layers\":[\"a/layer.tar\",\"b/layer.tar\"]}]");
        var image = ((Docker) read()).images().getFirst();
        assertThat(image.names()).containsExactly("box:1", "box:2");
        assertThat(stored.get(image.config().digest())).isEqualTo("config");
        assertThat(image.layers())
                .extracting(ImageBundle.Stored::digest)
                .containsExactly(digest("layer"), digest("layer"));
        assertThat(image.layers().getFirst().compression()).isEqualTo(Compression.NONE);
        assertThat(stored).hasSize(2);
    }

    @Test
    void anImageMayHaveNoName() throws IOException {
        file("./c.json", "config");
        file("./manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":null}]");
        var image = ((Docker) read()).images().getFirst();
        assertThat(image.names()).isEmpty();
        assertThat(image.layers()).isEmpty();
    }

    @Test
    void anOciLayoutGoesBeforeTheOldForm() throws IOException {
        file("blobs/sha256/" + digest("m").substring(7), "m");
        file("manifest.json", "[]");
        file(
                "index.json",
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"t\",\"digest\":\"" + digest("m")
                        + "\",\"size\":1,\"annotations\":{\"" + Layout.NAME + "\":\"docker.io/library/box:1\"}}]}");
        file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        var member = ((Layout) read()).manifests().getFirst();
        assertThat(member.digest()).isEqualTo(digest("m"));
        assertThat(member.annotations()).containsEntry(Layout.NAME, "docker.io/library/box:1");
        assertThat(stored).containsKey(digest("m"));
    }

    @Test
    void aCompressedArchiveIsReadToo() throws IOException {
        file("c.json", "config");
        file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[]}]");
        tar.finish();
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes.toByteArray());
        }
        assertThat(((Docker) read(compressed.toByteArray())).images()).hasSize(1);
    }

    @Test
    void aBlobMustBeWhatItIsCalled() throws IOException {
        file("blobs/sha256/" + "0".repeat(64), "x");
        assertThatThrownBy(this::read).hasMessageStartingWith("the digest of blobs/sha256/0000");
    }

    @Test
    void pathsLeadNowhere() throws IOException {
        file("../../etc/config.json", "config");
        tar.put(TarEntry.of("l", TarType.SYMLINK, 0777, 0, new TarTime(0, 0), "/etc/shadow"));
        file("manifest.json", "[{\"Config\":\"../../../etc/config.json\",\"Layers\":[\"l\"]}]");
        assertThatThrownBy(this::read).hasMessage("manifest.json names l, which is not in the archive");
    }

    @Test
    void linksInACircleEnd() throws IOException {
        file("c", "config");
        tar.put(TarEntry.of("a", TarType.SYMLINK, 0777, 0, new TarTime(0, 0), "b"));
        tar.put(TarEntry.of("b", TarType.SYMLINK, 0777, 0, new TarTime(0, 0), "a"));
        file("manifest.json", "[{\"Config\":\"c\",\"Layers\":[\"a\"]}]");
        assertThatThrownBy(this::read).hasMessage("manifest.json names a, which is not in the archive");
    }

    @Test
    void whatIsNoArchiveOfImagesIsRefused() throws IOException {
        file("readme", "hello");
        assertThatThrownBy(this::read).hasMessageStartingWith("unrecognized image format");
        assertThatThrownBy(() -> read("garbage".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes.toByteArray(), 600))).isInstanceOf(IOException.class);
    }

    @Test
    void documentsMustBeReadableAndOfAModestSize() throws IOException {
        file("manifest.json", "{\"a\":");
        assertThatThrownBy(this::read).hasMessageStartingWith("manifest.json");
        bytes.reset();
        var large = new byte[(4 << 20) + 1];
        var second = new TarWriter(bytes);
        second.put(TarEntry.file("index.json", 0644, large.length, 0), large);
        second.finish();
        assertThatThrownBy(() -> read(bytes.toByteArray())).hasMessageStartingWith("index.json is larger than");
    }
}
