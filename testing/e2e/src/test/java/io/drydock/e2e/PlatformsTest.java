package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An image for several machines, and what belongs to another one only. */
@ExtendWith(Stage.Extension.class)
class PlatformsTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private final Docker docker;
    private final EngineCalls calls;

    @TempDir
    Path directory;

    PlatformsTest(Stage stage) {
        this.docker = stage.engine.original();
        this.calls = new EngineCalls(stage.engine.socket(), "1.50");
    }

    private Path layout() {
        return directory.resolve("layout");
    }

    @BeforeEach
    void makeArchive() throws IOException {
        Files.createDirectories(layout().resolve("blobs/sha256"));
        var index = blob(("{\"schemaVersion\":2,\"manifests\":[" + image("arm64") + "," + image("amd64") + ","
                        + manifest("sha256:" + "ab".repeat(32), 500, "s390x") + "]}")
                .getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                layout().resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\""
                        + index + "\",\"size\":" + size(index)
                        + ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/multi:1\"}}]}");
        Files.writeString(layout().resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        pack(layout(), archive());
    }

    @AfterEach
    void remove() {
        docker.run("rmi", "-f", "multi:1", "foreign:1");
    }

    private Path archive() {
        return directory.resolve("multi.tar");
    }

    private static void pack(Path from, Path to) {
        Command.of("tar", "-C", from.toString(), "-cf", to.toString(), ".")
                .run()
                .ok();
    }

    private String image(String architecture) throws IOException {
        var root = Files.createDirectories(directory.resolve(architecture));
        Files.writeString(root.resolve("for"), architecture);
        var tar = directory.resolve(architecture + ".tar");
        pack(root, tar);
        var layer = blob(Files.readAllBytes(tar));
        var config = blob(("{\"architecture\":\"" + architecture
                        + "\",\"os\":\"linux\",\"created\":\"2020-01-01T00:00:00Z\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                        + layer + "\"]}}")
                .getBytes(StandardCharsets.UTF_8));
        var manifest = blob(("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST
                        + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                        + config
                        + "\",\"size\":" + size(config)
                        + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\""
                        + layer
                        + "\",\"size\":" + size(layer) + "}]}")
                .getBytes(StandardCharsets.UTF_8));
        return manifest(manifest, size(manifest), architecture);
    }

    private static String manifest(String digest, long size, String architecture) {
        return "{\"mediaType\":\"" + MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":" + size
                + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}}";
    }

    private String blob(byte[] bytes) throws IOException {
        try {
            var hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            Files.write(layout().resolve("blobs/sha256/" + hex), bytes);
            return "sha256:" + hex;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private long size(String digest) throws IOException {
        return Files.size(layout().resolve("blobs/sha256/" + digest.substring(7)));
    }

    private String architecture(String image) {
        return docker.text("inspect", "-f", "{{.Architecture}}", image);
    }

    @Test
    void thisMachinesImageIsChosenAndTheTreeShowsAll() {
        assertThat(docker.text("load", "-i", archive().toString())).isEqualTo("Loaded image: multi:1");

        assertThat(architecture("multi:1")).isEqualTo("amd64");
        assertThat(docker.text("images", "--tree", "multi"))
                .containsSubsequence("linux/arm64", "linux/amd64", "linux/s390x");
    }

    @Test
    void everyPlatformOfAnImageCanBeLookedAt() {
        docker.text("load", "-i", archive().toString());

        assertThat(docker.text("image", "inspect", "--platform", "linux/arm64", "-f", "{{.Architecture}}", "multi:1"))
                .isEqualTo("arm64");
        assertThat(calls.call("GET", "/images/multi:1/json?manifests=1"))
                .containsPattern("\"Architecture\":\"amd64\".*\"Manifests\":\\[.*s390x");
        assertThat(docker.run("image", "inspect", "--platform", "linux/riscv64", "multi:1")
                        .err())
                .contains("does not provide the specified platform (linux/riscv64)");
        assertThat(docker.run("history", "--platform", "linux/riscv64", "multi:1")
                        .err())
                .contains("does not provide the specified platform (linux/riscv64)");
        assertThat(docker.text("history", "-q", "--platform", "linux/arm64", "multi:1"))
                .isEmpty();
    }

    @Test
    void onePlatformIsSavedAndLoadedAlone() {
        docker.text("load", "-i", archive().toString());
        var arm = directory.resolve("arm.tar").toString();

        docker.text("save", "--platform", "linux/arm64", "-o", arm, "multi:1");
        assertThat(docker.run("save", "--platform", "linux/riscv64", "-o", arm + "2", "multi:1")
                        .err())
                .contains("does not provide the specified platform");
        docker.text("rmi", "multi:1");
        docker.text("load", "-i", arm);
        assertThat(architecture("multi:1")).isEqualTo("arm64");
        docker.text("rmi", "multi:1");

        docker.text("load", "--platform", "linux/arm64", "-i", archive().toString());
        assertThat(architecture("multi:1")).isEqualTo("arm64");
        assertThat(docker.run(
                                "load",
                                "--platform",
                                "linux/s390x",
                                "-i",
                                archive().toString())
                        .err())
                .contains("not for the requested platform");
    }

    @Test
    void anImportMayBeForAnotherMachine() {
        var root = directory.resolve("arm64.tar").toString();

        docker.text("import", "--platform", "linux/arm/v7", root, "foreign:1");

        assertThat(docker.text("inspect", "-f", "{{.Os}}/{{.Architecture}}/{{.Variant}}", "foreign:1"))
                .isEqualTo("linux/arm/v7");
        assertThat(docker.run("import", "--platform", "nonsense", root, "foreign:1")
                        .err())
                .contains("unknown operating system or architecture");
    }

    @Test
    void pruneKeepsWhatIsTooYoung() {
        docker.text("load", "-i", archive().toString()); // made in 2020
        docker.text("import", directory.resolve("arm64.tar").toString(), "foreign:1");

        assertThat(docker.text("image", "prune", "-a", "-f", "--filter", "until=2000h", "--filter", "label!=keep"))
                .contains("untagged: multi:1")
                .doesNotContain("foreign:1");
        assertThat(docker.run("image", "prune", "-f", "--filter", "until=never").err())
                .contains("invalid filter");
    }
}
