package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A registry that serves a corrupt layer, or cuts the connection half-way: a clear error, and nothing is left behind. */
class BrokenRegistryTest {
    private static final String IMAGE = "127.0.0.1:5000/box:latest";
    private static final String CUT = "127.0.0.1:5002/box:latest";

    private static NetNamespace network;
    private static Registry registry;
    private static Engine engine;
    private static Docker docker;

    @BeforeAll
    static void pushAnImage() {
        network = NetNamespace.create("e2e");
        registry = Registry.ours(network, 5000);
        engine = Engine.startIn(network);
        docker = engine.original();
        docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), IMAGE);
        docker.text("push", IMAGE);
        docker.text("rmi", "-f", IMAGE);
        Await.until("the image's blobs are collected", () -> blobs() == 0);
    }

    @AfterEach
    void forget() {
        docker.run("rmi", "-f", IMAGE);
        docker.run("rmi", "-f", CUT);
        Await.until("the image's blobs are collected", () -> blobs() == 0);
    }

    @AfterAll
    static void close() {
        engine.close();
        registry.close();
        network.close();
    }

    /** Blobs in the content store, half-fetched ones included. */
    private static long blobs() throws IOException {
        try (var files = Files.walk(engine.directory.resolve("data"))) {
            return files.filter(f -> f.toString().contains("/io.containerd.content.v1.content/"))
                    .filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains("/blobs/")
                            || f.getFileName().toString().equals("data"))
                    .count();
        }
    }

    private static Path largestBlob() throws IOException {
        try (var files = Files.walk(registry.directory.resolve("data"))) {
            return files.filter(f -> f.endsWith("data") && f.toString().contains("/blobs/"))
                    .max(Comparator.comparingLong(f -> f.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void aCorruptLayerIsRefusedAndLeavesNothing() throws IOException {
        var blob = largestBlob();
        var right = Files.readAllBytes(blob);
        var wrong = right.clone();
        var other = "not what was pushed".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(other, 0, wrong, wrong.length / 2, other.length);
        Files.write(blob, wrong);
        try {
            for (var client : Docker.both(engine.host())) {
                var result = client.run("pull", IMAGE);
                assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
                assertThat(client.text("images", "-aq")).isEmpty();
            }
            Await.until("nothing is left behind", () -> blobs() == 0);
        } finally {
            Files.write(blob, right);
        }
    }

    @Test
    void aCutConnectionIsTakenUpAgain() throws IOException {
        int half = (int) Files.size(largestBlob()) / 2 + 4096;
        try (var proxy = new CuttingProxy(network, 5002, 5000, half)) {
            var result = docker.run("pull", CUT).ok();
            assertThat(result.out()).contains("Status: Downloaded newer image for " + CUT);
        }
        assertThat(docker.text("run", "--rm", CUT, "echo", "hi")).isEqualTo("hi");
    }

    @Test
    void aConnectionThatIsCutAgainAndAgainIsReportedAndTheNextPullWorks() throws IOException {
        try (var proxy = new CuttingProxy(network, 5002, 5000, 20_000)) {
            var result = docker.run("pull", CUT);
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).isNotBlank();
            assertThat(docker.text("images", "-aq")).isEmpty();
        }
        assertThat(docker.run("pull", IMAGE).ok().out()).contains("Status: Downloaded newer image for " + IMAGE);
        assertThat(docker.text("run", "--rm", IMAGE, "echo", "hi")).isEqualTo("hi");
    }
}
