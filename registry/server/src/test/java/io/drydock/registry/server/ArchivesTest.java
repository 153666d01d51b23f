package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.registry.storage.Storage;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Command;
import io.drydock.testkit.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images go out of the storage into archives and come back, while a registry serves; skopeo reads and writes them, too. */
@Timeout(180)
class ArchivesTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    @TempDir
    private Path directory;

    private Path config;
    private Path archive;

    @BeforeEach
    void name() throws IOException {
        archive = directory.resolve("images.tar");
        config = directory.resolve("config.yml");
        Files.writeString(config, RegistrySettings.yaml(directory.resolve("data"), 0, ""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void push(SpecClient client, String target, byte[] body, String type) {
        var done = client.ask(target.contains("/manifests/") ? "PUT" : "POST", target, body, "Content-Type", type);
        assertThat(done.status()).as(done.text()).isEqualTo(201);
    }

    /** Pushes an image of a platform and answers its manifest. */
    private static byte[] image(SpecClient client, String repository, String architecture) throws IOException {
        var layer = Path.of("/proc/self/comm"); // any small file
        var tar = Command.of("tar", "-c", "-C", "/", layer.toString().substring(1))
                .builder()
                .start();
        var bytes = tar.getInputStream().readAllBytes();
        var diff = Digest.sha256(bytes);
        var config = bytes("{\"architecture\":\"" + architecture
                + "\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diff
                + "\"]}}");
        for (var blob : List.of(bytes, config)) {
            push(
                    client,
                    "/v2/" + repository + "/blobs/uploads/?digest=" + Digest.sha256(blob),
                    blob,
                    "application/octet-stream");
        }
        var manifest = bytes("""
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                "digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",\
                "digest":"%s","size":%d}]}""".formatted(MANIFEST, Digest.sha256(config), config.length, diff, bytes.length));
        push(client, "/v2/" + repository + "/manifests/" + Digest.sha256(manifest), manifest, MANIFEST);
        return manifest;
    }

    private static byte[] index(byte[]... manifests) {
        var members = new StringBuilder();
        for (int i = 0; i < manifests.length; i++) {
            members.append(i == 0 ? "" : ",")
                    .append("{\"mediaType\":\"" + MANIFEST + "\",\"digest\":\"" + Digest.sha256(manifests[i])
                            + "\",\"size\":" + manifests[i].length + ",\"platform\":{\"architecture\":\""
                            + (i == 0 ? "amd64" : "arm64") + "\",\"os\":\"linux\"}}");
        }
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + members + "]}");
    }

    private void export(String... names) throws IOException {
        var words = new java.util.ArrayList<>(List.of(config.toString()));
        words.addAll(List.of(names));
        words.addAll(List.of("-o", archive.toString()));
        ArchiveCommands.exportArchive(words);
    }

    private List<String> take(@Nullable String repository) throws IOException {
        try (var storage = Storage.in(directory.resolve("data"));
                var in = Files.newInputStream(archive)) {
            return new ImageImport(storage, repository).run(in);
        }
    }

    @Test
    void whatWasExportedIsImportedAgain() throws Exception {
        try (var server = InProcess.serve(directory.resolve("data"), "");
                var client = new SpecClient(server.port())) {
            var amd = image(client, "team/app", "amd64");
            var index = index(amd, image(client, "team/app", "arm64"));
            push(client, "/v2/team/app/manifests/multi", index, INDEX);
            push(client, "/v2/team/app/manifests/single", amd, MANIFEST);

            export("team/app");
            assertThat(client.ask("DELETE", "/v2/team/app/", new byte[0]).status())
                    .isEqualTo(202);
            assertThat(take(null)).containsExactly("team/app:multi", "team/app:single");
            assertThat(client.ask("GET", "/v2/team/app/manifests/multi", new byte[0])
                            .body())
                    .isEqualTo(index);
            assertThat(client.ask("GET", "/v2/team/app/manifests/single", new byte[0])
                            .body())
                    .isEqualTo(amd);

            export("team/app:single", "team/app@" + Digest.sha256(amd));
            assertThat(take("other/copy")).containsExactly("other/copy:single", "other/copy:latest");
            assertThat(client.ask("GET", "/v2/other/copy/manifests/latest", new byte[0])
                            .body())
                    .isEqualTo(amd);
            assertThat(client.ask("GET", "/v2/_catalog", new byte[0]).text().strip())
                    .isEqualTo("{\"repositories\":[\"other/copy\",\"team/app\"]}");
        }
    }

    @Test
    void skopeoReadsAndWritesArchives() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "skopeo is not installed");
        try (var server = InProcess.serve(directory.resolve("data"), "");
                var client = new SpecClient(server.port())) {
            push(client, "/v2/app/manifests/v1", image(client, "app", "amd64"), MANIFEST);
            var there = "docker://127.0.0.1:" + server.port() + "/app:v1";
            export("app:v1");
            assertThat(skopeo("inspect", "docker-archive:" + archive + ":app:v1"))
                    .contains("\"amd64\"");
            assertThat(skopeo("inspect", "oci-archive:" + archive)).contains("\"amd64\"");

            for (var kind : Set.of(
                    "docker-archive:" + directory + "/d.tar:x.example/from/docker:7",
                    "oci-archive:" + directory + "/o.tar:7")) {
                skopeo("copy", "-q", "--src-tls-verify=false", there, kind);
            }
            archive = directory.resolve("d.tar");
            assertThat(take(null)).containsExactly("from/docker:7");
            archive = directory.resolve("o.tar");
            assertThatThrownBy(() -> take(null)).hasMessageContaining("--repository");
            assertThat(take("from/oci")).containsExactly("from/oci:7");
            for (var name : List.of("from/docker:7", "from/oci:7")) {
                assertThat(skopeo("inspect", "--tls-verify=false", "docker://127.0.0.1:" + server.port() + "/" + name))
                        .contains("\"amd64\"");
            }
        }
    }

    private static String skopeo(String... words) {
        return Command.of("/usr/bin/skopeo", "--insecure-policy")
                .with(words)
                .run()
                .ok()
                .text();
    }

    @Test
    void whatIsBrokenIsToldAndLeavesNothingBehind() throws Exception {
        Files.writeString(archive, "this is no archive of images, however long it is".repeat(100));
        assertThatThrownBy(() -> take(null)).isInstanceOf(IOException.class);
        try (var server = InProcess.serve(directory.resolve("data"), "");
                var client = new SpecClient(server.port())) {
            push(client, "/v2/app/manifests/v1", image(client, "app", "amd64"), MANIFEST);
            export("app:v1");
            var whole = Files.readAllBytes(archive);
            Files.write(archive, java.util.Arrays.copyOf(whole, whole.length / 2));
            assertThatThrownBy(() -> take("half")).isInstanceOf(IOException.class);
            assertThat(client.ask("GET", "/v2/half/tags/list", new byte[0]).status())
                    .isEqualTo(404);
        }
        try (var storage = Storage.in(directory.resolve("data"))) {
            assertThatThrownBy(() -> new ImageExport(storage, java.io.OutputStream.nullOutputStream()).add("app:v2"))
                    .hasMessageContaining("app:v2: manifest unknown");
            assertThatThrownBy(() -> new ImageExport(storage, java.io.OutputStream.nullOutputStream()).add("none"))
                    .hasMessageContaining("repository name not known");
        }
    }
}
