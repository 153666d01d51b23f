package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that serves a corrupt layer, or cuts the connection half-way: a clear error, and nothing is left behind. */
class BrokenRegistryTest {
    private final NetNamespace network = NetNamespace.create("e2e");
    private final Registry registry = Registry.ours(network, 5000);
    private final Engine engine = Engine.startIn(network);
    private final String image = "127.0.0.1:5000/box:latest";

    @BeforeEach
    void pushAnImage() {
        var docker = engine.original();
        docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), image);
        docker.text("push", image);
        docker.text("rmi", "-f", image);
        Await.until("the image's blobs are collected", () -> blobs() == 0);
    }

    @AfterEach
    void close() {
        engine.close();
        registry.close();
        network.close();
    }

    /** Blobs in the content store, half-fetched ones included. */
    private long blobs() throws IOException {
        try (var files = Files.walk(engine.directory.resolve("data"))) {
            return files.filter(f -> f.toString().contains("/io.containerd.content.v1.content/"))
                    .filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains("/blobs/")
                            || f.getFileName().toString().equals("data"))
                    .count();
        }
    }

    private Path largestBlob() throws IOException {
        try (var files = Files.walk(registry.directory.resolve("data"))) {
            return files.filter(f -> f.endsWith("data") && f.toString().contains("/blobs/"))
                    .max(Comparator.comparingLong(f -> f.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void aCorruptLayerIsRefusedAndLeavesNothing() throws IOException {
        var blob = largestBlob();
        try (var file = Files.newByteChannel(blob, StandardOpenOption.WRITE)) {
            file.position(Files.size(blob) / 2);
            file.write(
                    java.nio.ByteBuffer.wrap("not what was pushed".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        for (var docker : Docker.both(engine.host())) {
            var result = docker.run("pull", image);
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(docker.text("images", "-aq")).isEmpty();
        }
        Await.until("nothing is left behind", () -> blobs() == 0);
    }

    @Test
    void aCutConnectionIsTakenUpAgain() throws IOException {
        int half = (int) Files.size(largestBlob()) / 2 + 4096;
        try (var proxy = new CuttingProxy(network, 5002, 5000, half)) {
            var result =
                    engine.original().run("pull", "127.0.0.1:5002/box:latest").ok();
            assertThat(result.out()).contains("Status: Downloaded newer image for 127.0.0.1:5002/box:latest");
        }
        assertThat(engine.original().text("run", "--rm", "127.0.0.1:5002/box", "echo", "hi"))
                .isEqualTo("hi");
    }

    @Test
    void aConnectionThatIsCutAgainAndAgainIsReportedAndTheNextPullWorks() throws IOException {
        try (var proxy = new CuttingProxy(network, 5002, 5000, 20_000)) {
            var result = engine.original().run("pull", "127.0.0.1:5002/box:latest");
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).isNotBlank();
            assertThat(engine.original().text("images", "-aq")).isEmpty();
        }
        assertThat(engine.original().run("pull", image).ok().out())
                .contains("Status: Downloaded newer image for " + image);
        assertThat(engine.original().text("run", "--rm", image, "echo", "hi")).isEqualTo("hi");
    }
}
