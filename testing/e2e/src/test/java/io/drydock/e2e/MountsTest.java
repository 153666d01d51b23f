package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.FakePlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Mounts that come from elsewhere than a directory of the host as it is: parts of volumes, images, plugins. */
class MountsTest {
    private static Engine engine;
    private static Docker docker;

    @BeforeAll
    static void start() {
        engine = Engine.alone();
        docker = engine.original();
        docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
    }

    @AfterAll
    static void end() {
        engine.close();
    }

    private static String run(String mount, String script) {
        return docker.text("run", "--rm", "--mount", mount, "box", "/bin/busybox", "sh", "-c", script);
    }

    private static String refusal(String mount) {
        var result = docker.run("run", "--rm", "--mount", mount, "box", "/bin/busybox", "true");
        assertThat(result.exitCode()).isNotZero();
        return result.err();
    }

    @Test
    void aContainerGetsAPartOfAVolume() {
        run(
                "type=volume,src=parts,dst=/v",
                "mkdir -p /v/a/b /v/c; echo deep > /v/a/b/f; ln -s /etc /v/link; ln -s .. /v/up");

        assertThat(run("type=volume,src=parts,dst=/v,volume-subpath=a/b", "cat /v/f"))
                .isEqualTo("deep");
        assertThat(run("type=volume,src=parts,dst=/file,volume-subpath=a/b/f", "cat /file"))
                .isEqualTo("deep");
        assertThat(refusal("type=volume,src=parts,dst=/v,volume-subpath=link")).contains("cannot access path");
        assertThat(refusal("type=volume,src=parts,dst=/v,volume-subpath=up/x")).contains("cannot access path");
        assertThat(refusal("type=volume,src=parts,dst=/v,volume-subpath=none")).contains("no such file or directory");
        assertThat(refusal("type=volume,src=parts,dst=/v,volume-subpath=../x"))
                .contains("subpath must be a relative path within the volume");

        docker.text(
                "create", "--name", "part", "--mount", "type=volume,src=parts,dst=/v,volume-subpath=a", "box", "true");
        Path copy = engine.directory.resolve("copy");
        docker.text("cp", "part:/v/b/f", copy.toString());
        assertThat(copy).hasContent("deep\n");
        docker.text("rm", "part");
        assertThat(engine.directory.resolve("exec/mounts")).isEmptyDirectory();
    }

    @Test
    void aContainerGetsTheFilesOfAnotherImage() throws IOException {
        Path tree = Files.createDirectory(engine.directory.resolve("tree"));
        Files.createDirectories(tree.resolve("conf/d"));
        Files.writeString(tree.resolve("conf/d/file"), "from the image\n");
        Path tar = engine.directory.resolve("tree.tar");
        Command.of("tar", "-C", tree.toString(), "-cf", tar.toString(), ".")
                .run()
                .ok();
        docker.text("import", tar.toString(), "files:1");

        assertThat(run("type=image,src=files:1,dst=/i", "cat /i/conf/d/file; echo x > /i/new || echo refused"))
                .contains("from the image", "refused");
        assertThat(run("type=image,src=files:1,dst=/i,image-subpath=conf", "ls /i"))
                .isEqualTo("d");
        assertThat(refusal("type=image,src=nothing:1,dst=/i")).contains("No such image: nothing:1");

        docker.text("create", "--name", "reader", "--mount", "type=image,src=files:1,dst=/i", "box", "true");
        assertThat(docker.text("inspect", "-f", "{{range .Mounts}}{{.Type}} {{.Name}} {{.RW}}{{end}}", "reader"))
                .isEqualTo("image files:1 false");
        docker.text("rmi", "-f", "files:1");
        assertThat(docker.text("start", "-a", "reader")).isEmpty();
        docker.text("rm", "reader");
    }

    @Test
    void readOnlyMeansWhatIsBelowToo() throws IOException {
        Path tree = engine.directory.resolve("below");
        String point = Files.createDirectories(tree.resolve("mounted")).toString();
        Command.of("mount", "-t", "tmpfs", "below", point).run().ok();
        try {
            String touch = "touch /m/mounted/x && echo written || echo refused";
            String bind = "type=bind,src=" + tree + ",dst=/m";
            assertThat(run(bind + ",readonly", touch)).endsWith("refused");
            assertThat(run(bind + ",readonly,bind-recursive=readonly,bind-propagation=rprivate", touch))
                    .endsWith("refused");
            assertThat(run(bind + ",readonly,bind-recursive=writable", touch)).endsWith("written");
            assertThat(run(bind + ",bind-recursive=disabled", "ls /m/mounted")).isEmpty();
            var older = docker.command("run", "--rm", "-v", tree + ":/m:ro", "box", "/bin/busybox", "sh", "-c", touch)
                    .withVariable("DOCKER_API_VERSION", "1.43")
                    .run();
            assertThat(older.text()).endsWith("written");
        } finally {
            Command.of("umount", point).run();
        }
    }

    @Test
    void aPluginKeepsVolumes() throws IOException {
        String name = "drydock-" + UUID.randomUUID();
        Path kept = Files.createDirectory(engine.directory.resolve("kept"));
        String volume = "{\"Volume\":{\"Name\":\"far\",\"Mountpoint\":\"" + kept + "\"}}";
        try (var plugin = FakePlugin.open(Path.of("/run/docker/plugins", name + ".sock"), "VolumeDriver")) {
            plugin.answer("VolumeDriver.Get", "{\"Err\":\"unknown\"}")
                    .answer("VolumeDriver.Create", body -> {
                        plugin.answer("VolumeDriver.Get", volume);
                        return "{}";
                    })
                    .answer("VolumeDriver.Mount", "{\"Mountpoint\":\"" + kept + "\"}")
                    .answer("VolumeDriver.List", "{}");
            for (String method : List.of("Unmount", "Remove", "Capabilities")) {
                plugin.answer("VolumeDriver." + method, "{}");
            }

            docker.text("volume", "create", "-d", name, "-o", "speed=high", "far");
            assertThat(docker.text("volume", "inspect", "-f", "{{.Driver}} {{.Mountpoint}}", "far"))
                    .isEqualTo(name + " " + kept);
            assertThat(run("type=volume,src=far,dst=/v", "echo kept > /v/f; cat /v/f"))
                    .isEqualTo("kept");
            assertThat(kept.resolve("f")).hasContent("kept\n");
            docker.text("volume", "rm", "far");

            assertThat(String.join("\n", plugin.calls()))
                    .contains(
                            "VolumeDriver.Create {\"Name\":\"far\",\"Opts\":{\"speed\":\"high\"}}",
                            "VolumeDriver.Mount",
                            "VolumeDriver.Unmount",
                            "VolumeDriver.Remove {\"Name\":\"far\"}");
        }
    }
}
