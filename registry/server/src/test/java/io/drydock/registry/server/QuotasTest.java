package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository holds no more than it may. */
class QuotasTest {
    @TempDir
    private Path directory;

    private static byte[] blob(int seed) {
        var bytes = new byte[1000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static SpecClient.Answer push(SpecClient client, String repository, int seed) {
        return client.ask(
                "POST", "/v2/" + repository + "/blobs/uploads/?digest=" + Digest.sha256(blob(seed)), blob(seed));
    }

    @Test
    void areKept() throws Exception {
        try (var server = RegistryServer.start(Settings.parse("""
                        version: 0.1
                        storage:
                          filesystem: {rootdirectory: %s}
                          delete: {enabled: true}
                          quotas: [{repositories: ["small/*"], size: 3kB}]
                        http: {addr: "127.0.0.1:0"}
                        """.formatted(directory), Map.of()));
                var client = new SpecClient(server.port())) {
            var pushes = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 8; i++) {
                int seed = i;
                pushes.add(CompletableFuture.supplyAsync(
                        () -> push(client, "small/box", seed).status(),
                        task -> Thread.ofVirtual().start(task)));
            }
            var statuses = new ArrayList<Integer>();
            for (var push : pushes) {
                statuses.add(push.get());
            }
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(3);
            assertThat(statuses).filteredOn(status -> status == 403).hasSize(5);
            assertThat(uploads("small/box")).isZero();

            int had = statuses.indexOf(201);
            assertThat(push(client, "small/box", had).status()).isEqualTo(201);
            var refused = push(client, "small/box", 20);
            assertThat(refused.error()).isEqualTo("DENIED");
            assertThat(refused.text()).contains("\"quota\":3072");
            assertThat(push(client, "large", 20).status()).isEqualTo(201);
            var mount = "/v2/small/box/blobs/uploads/?from=large&mount=" + Digest.sha256(blob(20));
            assertThat(client.ask("POST", mount, new byte[0]).status()).isEqualTo(403);

            var gone = "/v2/small/box/blobs/" + Digest.sha256(blob(had));
            assertThat(client.ask("DELETE", gone, new byte[0]).status()).isEqualTo(202);
            assertThat(client.ask("POST", mount, new byte[0]).status()).isEqualTo(201);
        }
    }

    private long uploads(String repository) throws IOException {
        try (var all = Files.list(directory.resolve("docker/registry/v2/repositories/" + repository + "/_uploads"))) {
            return all.count();
        }
    }
}
