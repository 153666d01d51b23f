package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The original dockerd runs its containers with our containerd and our shim, and neither one's restart disturbs the other. */
@RequiresRoot
class OriginalDockerdTest {
    private static Path directory;
    private static NetNamespace network;

    @SuppressWarnings("NullAway.Init") // by start
    private static Process containerd;

    private static Engine engine;
    private static Docker docker;

    @BeforeAll
    static void start() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "oc-");
        network = NetNamespace.create("odockerd");
        startContainerd();
        engine = Engine.startIn(
                Programs.original("dockerd"),
                network,
                false,
                List.of("--containerd=" + directory.resolve("c.sock"), "--live-restore"));
        docker = engine.original();
        docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
    }

    private static void startContainerd() throws IOException {
        List<String> words = network.command(
                        Programs.ours("containerd").toString(),
                        "--root",
                        directory.resolve("root").toString(),
                        "--state",
                        directory.resolve("state").toString(),
                        "--address",
                        directory.resolve("c.sock").toString())
                .words();
        containerd = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        Await.until(
                "containerd answers",
                () -> Command.of(Programs.original("ctr").toString(), "-a")
                                .with(directory.resolve("c.sock").toString(), "version")
                                .run()
                                .exitCode()
                        == 0);
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (engine != null) {
            engine.close();
        }
        if (containerd != null) {
            containerd.destroy();
            if (!containerd.waitFor(30, TimeUnit.SECONDS)) {
                containerd.destroyForcibly();
            }
        }
        ProcessTree.mentioning(directory.toString()).forEach(ProcessHandle::destroyForcibly);
        Engine.unmountBelow(directory);
        Engine.deleteTree(directory);
        network.close();
    }

    @Test
    void runsContainers() {
        assertThat(docker.text("run", "--rm", "box", "echo", "hi")).isEqualTo("hi");
        assertThat(docker.run("run", "--rm", "box", "sh", "-c", "exit 7").exitCode())
                .isEqualTo(7);
        assertThat(docker.text("run", "--rm", "-t", "box", "tty")).startsWith("/dev/pts/");
        assertThat(docker.command("run", "--rm", "-i", "box", "cat")
                        .withInput("piped\n")
                        .run()
                        .ok()
                        .out())
                .isEqualTo("piped\n");
        assertThat(docker.text("run", "--rm", "-m", "20m", "--memory-swap", "20m", "box", "sh", "-c", """
                        cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max"""))
                .isEqualTo("20971520");
        assertThat(docker.run("run", "--rm", "box", "/nothing").err())
                .contains("OCI runtime create failed")
                .contains("exec: \"/nothing\": stat /nothing: no such file or directory");
    }

    @Test
    void pushesToOurRegistryAndPullsFromIt() throws IOException {
        try (Registry open = Registry.ours(network, 5000)) {
            docker.text("tag", "box", open.address() + "/team/box:1");
            docker.text("push", open.address() + "/team/box:1");
            docker.text("rmi", open.address() + "/team/box:1");
            docker.text("pull", open.address() + "/team/box:1");
            docker.text("rmi", open.address() + "/team/box:1");
            ctrCopies(open.address() + "/team/box", "--plain-http");
        }
    }

    @Test
    void logsInToOurRegistryOverTls() throws IOException {
        Command.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
                .with("-keyout", directory.resolve("key.pem").toString())
                .with("-out", directory.resolve("cert.pem").toString())
                .with("-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2")
                .run()
                .ok();
        // "secret" for bcrypt
        Files.writeString(
                directory.resolve("users"), "me:$2b$04$44r8AulnKT960.p2JuDl2.1X/iXCSfgrc/AX8q9JI.fmMGvDv0nrq\n");
        String more = """
                  tls: {certificate: DIR/cert.pem, key: DIR/key.pem}
                auth:
                  server:
                    htpasswd: DIR/users
                    key: DIR/sign.json
                    rules: [{users: [me], repositories: ["team/**"], actions: [pull, push]}]
                """.replace("DIR", directory.toString());
        try (Registry registry = Registry.ours(network, 5443, more)) {
            String image = registry.address() + "/team/box:1";
            docker.text("tag", "box", image);
            assertThat(docker.run("push", image).exitCode()).isEqualTo(1);
            String config = directory.resolve("docker-config").toString();
            docker.command("login", "-u", "me", "--password-stdin", registry.address())
                    .withVariable("DOCKER_CONFIG", config)
                    .withInput("secret")
                    .run()
                    .ok();
            docker.command("push", image)
                    .withVariable("DOCKER_CONFIG", config)
                    .run()
                    .ok();
            docker.text("rmi", image);
            assertThat(docker.run("pull", image).exitCode()).isEqualTo(1);
            docker.command("pull", image)
                    .withVariable("DOCKER_CONFIG", config)
                    .run()
                    .ok();
            String foreign = registry.address() + "/other/box:1";
            docker.text("tag", "box", foreign);
            assertThat(docker.command("push", foreign)
                            .withVariable("DOCKER_CONFIG", config)
                            .run()
                            .err())
                    .contains("denied");
            docker.text("rmi", image, foreign);
            // without hosts.toml this ctr speaks plain HTTP to 127.0.0.1, whatever it is told
            Path hosts = Files.createDirectories(directory.resolve("hosts").resolve(registry.address()));
            Files.writeString(hosts.resolve("hosts.toml"), """
                    server = "https://ADDRESS"
                    [host."https://ADDRESS"]
                    ca = "DIR/cert.pem"
                    """.replace("ADDRESS", registry.address())
                    .replace("DIR", directory.toString()));
            ctrCopies(
                    registry.address() + "/team/box",
                    "--hosts-dir",
                    Objects.requireNonNull(hosts.getParent()).toString(),
                    "--user",
                    "me:secret");
        }
    }

    /** ctr asks registries itself: pulls the tag 1 and pushes it as 2, which it pulls again. */
    private static void ctrCopies(String repository, String... how) {
        ctr("pull", how, repository + ":1");
        ctr("tag", new String[0], repository + ":1", repository + ":2");
        ctr("push", how, repository + ":2");
        ctr("rm", new String[] {"--sync"}, repository + ":1", repository + ":2");
        ctr("pull", how, repository + ":2");
        ctr("rm", new String[0], repository + ":2");
    }

    private static void ctr(String verb, String[] flags, String... words) {
        network.command(
                        Programs.original("ctr").toString(),
                        "-a",
                        directory.resolve("c.sock").toString(),
                        "-n",
                        "copies",
                        "images",
                        verb)
                .with(flags)
                .with(words)
                .run()
                .ok();
    }

    @Test
    void worksOnARunningContainer() throws IOException, InterruptedException {
        Process events = docker.command("events", "--filter", "container=run1", "--format", "{{.Action}}")
                .builder()
                .redirectOutput(directory.resolve("events").toFile())
                .start();
        docker.text("run", "-d", "--name", "run1", "box", "sleep", "1000");
        assertThat(docker.text("exec", "run1", "echo", "in exec")).isEqualTo("in exec");
        assertThat(docker.run("exec", "run1", "sh", "-c", "exit 5").exitCode()).isEqualTo(5);
        assertThat(docker.text("stats", "--no-stream", "--format", "{{.PIDs}}", "run1"))
                .isEqualTo("1");
        assertThat(docker.text("top", "run1")).contains("sleep 1000");
        docker.text("pause", "run1");
        assertThat(docker.text("inspect", "-f", "{{.State.Status}}", "run1")).isEqualTo("paused");
        docker.text("unpause", "run1");
        docker.text("restart", "-t", "0", "run1");
        assertThat(docker.text("inspect", "-f", "{{.State.Status}}", "run1")).isEqualTo("running");
        docker.text("rm", "-f", "run1");
        Await.until(
                "the last event",
                () -> Files.readString(directory.resolve("events")).contains("destroy"));
        events.destroy();
        events.waitFor();
        assertThat(Files.readAllLines(directory.resolve("events")))
                .filteredOn(line -> List.of("start", "pause", "unpause", "exec_die", "die", "restart", "destroy")
                        .contains(line))
                .containsExactly(
                        "start",
                        "exec_die",
                        "exec_die",
                        "pause",
                        "unpause",
                        "die",
                        "start",
                        "restart",
                        "die",
                        "destroy");
    }

    @Test
    void containersOutliveDockerdAndContainerd() throws IOException, InterruptedException {
        docker.text("run", "-d", "--name", "live", "box", "sh", "-c", """
                i=0; while [ ! -e /stop ]; do echo $i; i=$((i+1)); usleep 20000; done; exit 9""");
        String pid = docker.text("inspect", "-f", "{{.State.Pid}}", "live");
        engine.kill();
        containerd.destroyForcibly().waitFor();
        startContainerd();
        engine.start();
        assertThat(docker.text("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", "live"))
                .isEqualTo("running " + pid);
        long before = docker.text("logs", "live").lines().count();
        Await.until("the log goes on", () -> docker.text("logs", "live").lines().count() > before);

        containerd.destroyForcibly().waitFor();
        startContainerd();
        Await.until(
                "dockerd is connected again",
                () -> docker.run("exec", "live", "true").exitCode() == 0);
        docker.run("exec", "live", "touch", "/stop");
        assertThat(docker.text("wait", "live")).isEqualTo("9");
        docker.text("rm", "live");
    }
}
