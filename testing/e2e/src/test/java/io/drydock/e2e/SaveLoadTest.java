package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images by archive: between our engine and itself, the original engine, skopeo and podman's forms. */
@RequiresRoot
@ExtendWith(Stage.Extension.class)
class SaveLoadTest {
    private final Stage stage;

    @TempDir
    private Path directory;

    SaveLoadTest(Stage stage) {
        this.stage = stage;
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void runs(Docker docker, String image) {
        assertThat(docker.text("run", "--rm", "--network", "none", image, "echo", "hi"))
                .isEqualTo("hi");
    }

    @Test
    void whatIsSavedIsLoadedAgainByBothClients() {
        for (var docker : Docker.both(stage.engine.host())) {
            docker.text("tag", Stage.IMAGE, "kept:one");
            docker.text("tag", Stage.IMAGE, "kept:two");
            docker.text("save", "-o", path("kept.tar"), "kept");
            docker.text("rmi", "kept:one", "kept:two");
            assertThat(docker.text("load", "-q", "-i", path("kept.tar")).lines())
                    .as("%s", docker)
                    .containsExactly("Loaded image: kept:one", "Loaded image: kept:two");
            runs(docker, "kept:two");
            docker.text("rmi", "kept:one", "kept:two");
        }
    }

    @Test
    void theOriginalEngineTakesOursAndWeItsImages() {
        var ours = stage.engine.original();
        ours.text("save", "-o", path("ours.tar"), Stage.IMAGE);
        try (var network = NetNamespace.create("e2e");
                var engine = Engine.startIn(Programs.original("dockerd"), network, false, List.of("--bridge=none"))) {
            var theirs = engine.original();
            assertThat(theirs.text("load", "-i", path("ours.tar"))).contains("Loaded image: " + Stage.IMAGE);
            runs(theirs, Stage.IMAGE);
            theirs.text("tag", Stage.IMAGE, "theirs:1");
            theirs.text("save", "-o", path("theirs.tar"), "theirs:1");
        }
        assertThat(ours.text("load", "-i", path("theirs.tar"))).isEqualTo("Loaded image: theirs:1");
        runs(ours, "theirs:1");
        ours.text("rmi", "theirs:1");
    }

    @Test
    void skopeosFormsAreLoadedAndOursIsRead() {
        var docker = stage.engine.original();
        docker.text("save", "-o", path("ours.tar"), Stage.IMAGE);
        var from = "docker-archive:" + path("ours.tar") + ":" + Stage.IMAGE;
        for (var form : List.of("docker-archive", "oci-archive")) {
            Command.of(
                            Programs.original("skopeo").toString(),
                            "--insecure-policy",
                            "copy",
                            from,
                            form + ":" + path(form) + ":copied:" + form.substring(0, 3))
                    .run()
                    .ok();
            var name = "copied:" + form.substring(0, 3);
            assertThat(docker.text("load", "-i", path(form))).isEqualTo("Loaded image: " + name);
            runs(docker, name);
            docker.text("rmi", name);
        }
    }

    @Test
    void aTagThatMovesLeavesItsImageWithoutAName() {
        var docker = stage.engine.original();
        docker.text("tag", Stage.IMAGE, "moving:1");
        docker.text("save", "-o", path("moving.tar"), "moving:1");
        docker.command("import", "-m", "another", "-", "moving:1")
                .withInput(new String(new byte[1024], java.nio.charset.StandardCharsets.US_ASCII))
                .run()
                .ok();
        var old = docker.text("image", "inspect", "-f", "{{.Id}}", "moving:1");
        assertThat(docker.text("load", "-i", path("moving.tar")).lines())
                .containsExactly(
                        "The image moving:1 already exists, renaming the old one with ID " + old + " to empty string",
                        "Loaded image: moving:1");
        assertThat(docker.text("images", "--no-trunc", "-q", "-f", "dangling=true"))
                .contains(old);
        docker.text("rmi", "moving:1", old);
    }

    @Test
    void brokenArchivesLeaveNothingBehind() throws IOException {
        var docker = stage.engine.original();
        docker.text("save", "-o", path("whole.tar"), Stage.IMAGE);
        var whole = Files.readAllBytes(directory.resolve("whole.tar"));
        Files.write(directory.resolve("cut.tar"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(directory.resolve("garbage.tar"), "no archive");
        var before = docker.text("images", "-aq");
        for (var name : List.of("cut.tar", "garbage.tar")) {
            var failed = docker.run("load", "-i", path(name));
            assertThat(failed.exitCode()).as(name).isEqualTo(1);
            assertThat(failed.err()).as(name).startsWith("Error processing tar file");
        }
        assertThat(docker.text("images", "-aq")).isEqualTo(before);
        var unknown = docker.run("save", "-o", path("none.tar"), "no-such-image");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("No such image: no-such-image");
        assertThat(directory.resolve("none.tar")).doesNotExist();
    }
}
