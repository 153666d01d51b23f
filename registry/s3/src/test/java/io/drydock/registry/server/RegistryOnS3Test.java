package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.registry.s3.Proxy;
import io.drydock.registry.storage.Garbage;
import io.drydock.registry.storage.Storage;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two registries with one bucket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryOnS3Test {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private Proxy proxy;
    private Settings settings;
    private RegistryServer one;
    private RegistryServer two;

    @BeforeAll
    void start() throws Exception {
        proxy = new Proxy();
        var s3 = proxy.bucket("images");
        s3.put("chunksize", "5242880");
        var text = new StringBuilder(
                "version: 0.1\nhttp: {addr: \"127.0.0.1:0\"}\nstorage:\n  delete: {enabled: true}\n  s3:\n");
        s3.forEach((name, value) ->
                text.append("    ").append(name).append(": \"").append(value).append("\"\n"));
        settings = Settings.parse(
                text.toString().replace("\"false\"", "false"),
                Map.of("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED", "false"));
        one = RegistryServer.start(settings);
        two = RegistryServer.start(settings);
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        one.close();
        two.close();
        proxy.close();
    }

    private HttpResponse<byte[]> ask(RegistryServer server, String method, String path, byte[] body)
            throws IOException, InterruptedException {
        var address = path.startsWith("http") ? path : "http://127.0.0.1:" + server.port() + path;
        return client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                        .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(RegistryServer server, String path) throws IOException, InterruptedException {
        return ask(server, "GET", path, new byte[0]);
    }

    private static String path(HttpResponse<byte[]> answer) {
        return URI.create(answer.headers().firstValue("Location").orElseThrow()).getRawPath();
    }

    @Test
    void whatOneTakesTheOtherGives() throws Exception {
        var large = new byte[6 * 1024 * 1024];
        new Random(1).nextBytes(large);
        var layer = Digest.sha256(large);
        // a session goes on wherever its requests come
        var begun = ask(one, "POST", "/v2/box/blobs/uploads/", new byte[0]);
        assertThat(begun.statusCode()).isEqualTo(202);
        var upload = path(begun);
        int cut = 5_500_000;
        assertThat(ask(one, "PATCH", upload, Arrays.copyOf(large, cut)).statusCode())
                .isEqualTo(202);
        var second = ask(two, "PATCH", upload, Arrays.copyOfRange(large, cut, large.length));
        assertThat(second.headers().firstValue("Range")).contains("0-" + (large.length - 1));
        assertThat(ask(one, "PUT", upload + "?digest=" + layer, new byte[0]).statusCode())
                .isEqualTo(201);

        // a blob named up front is written where it belongs, and not if it is another one
        var config = "{}".getBytes();
        var digest = Digest.sha256(config);
        assertThat(ask(two, "POST", "/v2/box/blobs/uploads/?digest=" + layer, config)
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask(two, "POST", "/v2/box/blobs/uploads/?digest=" + digest, config)
                        .statusCode())
                .isEqualTo(201);
        assertThat(proxy.has(
                        "images",
                        "docker/registry/v2/blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex()
                                + "/data"))
                .isTrue();

        var manifest = ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{"
                        + "\"mediaType\":\"c\",\"digest\":\"" + digest
                        + "\",\"size\":2},\"layers\":[{\"mediaType\":\"l\","
                        + "\"digest\":\"" + layer + "\",\"size\":" + large.length + "}]}")
                .getBytes();
        assertThat(ask(one, "PUT", "/v2/box/manifests/v1", manifest).statusCode())
                .isEqualTo(201);
        assertThat(get(two, "/v2/box/manifests/v1").body()).isEqualTo(manifest);
        assertThat(new String(get(two, "/v2/box/tags/list").body())).contains("[\"v1\"]");
        assertThat(new String(get(two, "/v2/_catalog").body())).contains("\"box\"");

        var elsewhere = get(two, "/v2/box/blobs/" + layer);
        assertThat(elsewhere.statusCode()).isEqualTo(307);
        assertThat(get(two, elsewhere.headers().firstValue("Location").orElseThrow())
                        .body())
                .isEqualTo(large);
        assertThat(get(two, "/v2/none/blobs/" + layer).statusCode()).isEqualTo(404);
    }

    @Test
    void withoutRedirectsItComesFromHere() throws Exception {
        var bytes = new byte[100_000];
        new Random(2).nextBytes(bytes);
        var digest = Digest.sha256(bytes);
        assertThat(ask(one, "POST", "/v2/direct/blobs/uploads/?digest=" + digest, bytes)
                        .statusCode())
                .isEqualTo(201);
        var here = new StorageSettings(
                "s3",
                settings.storage().root(),
                settings.storage().parameters(),
                false,
                true,
                false,
                settings.storage().purging(),
                settings.storage().collecting(),
                settings.storage().quotas(),
                settings.storage().scrubbing());
        try (var storage = new Storage(Drivers.open(here));
                var blob = storage.blobs().open("direct", digest).orElseThrow();
                var in = blob.stream(7, 1000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 7, 1007));
        }
    }

    @Test
    void garbageGoes() throws Exception {
        var bytes = "unused".getBytes();
        var digest = Digest.sha256(bytes);
        ask(one, "POST", "/v2/trash/blobs/uploads/?digest=" + digest, bytes);
        try (var storage = new Storage(Drivers.open(settings.storage()))) {
            assertThat(storage.garbage().collect(new Garbage.Policy(Duration.ofHours(2), false, false), line -> {}))
                    .isEqualTo(new Garbage.Report(0, 0, 0, 0));
            assertThat(storage.blobs().has("trash", digest)).isTrue();
            var told = new ArrayList<String>();
            storage.garbage().collect(new Garbage.Policy(Duration.ZERO, false, false), told::add);
            assertThat(told).contains("blob eligible for deletion: " + digest);
            assertThat(storage.driver().list("docker/registry/v2/repositories")).doesNotContain("trash");
        }
        assertThat(get(two, "/v2/trash/blobs/" + digest).statusCode()).isEqualTo(404);
    }
}
