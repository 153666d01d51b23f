package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Docker's registry and ours on one directory: what the one has written, the other serves, and skopeo gets along with both. */
@Timeout(180)
class SharedDirectoryTest {
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final Path SKOPEO = Path.of("/usr/bin/skopeo");
    private static final byte[] CONFIG =
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTheOriginal() {
        Assumptions.assumeTrue(Files.isExecutable(RegistryProcess.ORIGINAL), "docker-registry is not installed");
    }

    private static byte[] layer() {
        var bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static byte[] manifest() {
        return """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                "digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}""".formatted(TYPE, Digest.sha256(CONFIG), CONFIG.length, Digest.sha256(layer()), layer().length)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static RemoteRepository repository(int port, String name) throws IOException {
        return new RemoteRepository(List.of(Endpoint.plain("127.0.0.1:" + port)), name, Credentials.ANONYMOUS);
    }

    private static void push(int port, String name) throws IOException {
        try (var repository = repository(port, name)) {
            for (var blob : List.of(CONFIG, layer())) {
                repository.pushBlob(
                        Digest.sha256(blob).toString(),
                        blob.length,
                        "",
                        offset -> {
                            var in = new ByteArrayInputStream(blob);
                            in.skipNBytes(offset);
                            return in;
                        },
                        sent -> {});
            }
            repository.pushManifest("v1", TYPE, manifest());
        }
    }

    private static void pull(int port, String name) throws IOException {
        try (var repository = repository(port, name)) {
            assertThat(repository.manifest("v1").bytes()).isEqualTo(manifest());
            assertThat(repository.tags()).containsExactly("v1");
            try (var blob = repository.blob(Digest.sha256(layer()).toString(), layer().length, 0)) {
                assertThat(blob.readAllBytes()).isEqualTo(layer());
            }
        }
    }

    @Test
    void eachServesWhatTheOtherWrote() throws IOException {
        try (var ours = InProcess.serve(directory, "");
                var original = RegistryProcess.original(directory)) {
            push(ours.port(), "by/us");
            push(original.port(), "by/them");
            pull(original.port(), "by/us");
            pull(ours.port(), "by/them");
        }
    }

    @Test
    void aSessionBegunByTheOriginalIsEndedByUs() throws Exception {
        var content = "hello, world".getBytes(StandardCharsets.UTF_8);
        try (var ours = InProcess.serve(directory, "");
                var original = RegistryProcess.original(directory);
                var http = HttpClient.newHttpClient()) {
            var begun = send(http, "POST", "http://127.0.0.1:" + original.port() + "/v2/box/blobs/uploads/", "");
            var patched =
                    send(http, "PATCH", begun.headers().firstValue("Location").orElseThrow(), "hello, ");
            assertThat(patched.statusCode()).isEqualTo(202);
            var path = URI.create(patched.headers().firstValue("Location").orElseThrow())
                    .getPath();
            var ended = send(
                    http,
                    "PUT",
                    "http://127.0.0.1:" + ours.port() + path + "?digest=" + Digest.sha256(content),
                    "world");
            assertThat(ended.statusCode()).isEqualTo(201);
            var read = send(
                    http, "GET", "http://127.0.0.1:" + original.port() + "/v2/box/blobs/" + Digest.sha256(content), "");
            assertThat(read.body()).isEqualTo("hello, world");
        }
        try (var left = Files.list(directory.resolve("docker/registry/v2/repositories/box/_uploads"))) {
            assertThat(left).isEmpty();
        }
    }

    private static HttpResponse<String> send(HttpClient http, String method, String uri, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(uri)).method(method, HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void skopeoCopiesAndDeletes() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(SKOPEO), "skopeo is not installed");
        try (var ours = InProcess.serve(directory.resolve("ours"), "");
                var original = RegistryProcess.original(directory.resolve("original"))) {
            push(original.port(), "app");
            var from = "docker://127.0.0.1:" + original.port() + "/app:v1";
            var here = "docker://127.0.0.1:" + ours.port() + "/copy/app:v1";
            skopeo("copy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", from, here);
            pull(ours.port(), "copy/app");
            assertThat(skopeo("list-tags", "--tls-verify=false", here.substring(0, here.length() - 3)))
                    .contains("\"v1\"");
            assertThat(skopeo("inspect", "--raw", "--tls-verify=false", here).getBytes(StandardCharsets.UTF_8))
                    .isEqualTo(manifest());
            skopeo("delete", "--tls-verify=false", here);
            try (var repository = repository(ours.port(), "copy/app")) {
                assertThat(repository.tags()).isEmpty();
            }
        }
    }

    private static String skopeo(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(SKOPEO.toString(), "--insecure-policy"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
