package io.drydock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bit rot is found; a push brings back what was put aside. */
class ScrubTest {
    @TempDir
    private Path root;

    private static Digest push(Storage storage, String content) throws IOException {
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        var upload = storage.uploads().begin("box");
        upload.append(0, new ByteArrayInputStream(bytes));
        assertThat(upload.finish(Digest.sha256(bytes))).isTrue();
        return Digest.sha256(bytes);
    }

    private Path file(Digest digest) {
        return root.resolve("docker/registry/v2/blobs/sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex())
                .resolve("data");
    }

    @Test
    void damagedBlobsAreFoundAndComeBack() throws IOException {
        var storage = Storage.in(root);
        push(storage, "sound");
        var rotten = push(storage, "rotten");
        Files.writeString(file(rotten), "r0tten");
        var cut = push(storage, "cut short");
        Files.writeString(file(cut), "cut");

        var told = new ArrayList<String>();
        assertThat(storage.scrub().run(false, told::add)).isEqualTo(new Scrub.Report(3, 14, 2));
        assertThat(told).containsExactlyInAnyOrder("blob damaged: " + rotten, "blob damaged: " + cut);
        assertThat(storage.blobs().has("box", rotten)).isTrue();

        storage.scrub().run(true, line -> {});
        assertThat(storage.blobs().has("box", rotten)).isFalse();
        assertThat(root.resolve(".drydock/damaged/sha256-" + rotten.hex())).hasContent("r0tten");
        assertThat(storage.scrub().run(true, line -> {})).isEqualTo(new Scrub.Report(1, 5, 0));

        push(storage, "rotten");
        assertThat(storage.blobs().has("box", rotten)).isTrue();
        assertThat(file(rotten)).hasContent("rotten");
    }
}
