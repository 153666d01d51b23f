package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ports of containers, reached through docker-proxy from the host and through the NAT rule from elsewhere. */
@ExtendWith(Stage.Extension.class)
class PublishedPortTest {
    private final Stage stage;
    private final Docker docker;

    PublishedPortTest(Stage stage) {
        this.stage = stage;
        this.docker = stage.engine.original();
    }

    @BeforeEach
    @AfterEach
    void removeContainers() {
        var ids = docker.text("ps", "-aq");
        if (!ids.isEmpty()) {
            docker.command("rm", "-f").with(ids.split("\n")).run().ok();
        }
    }

    private String fetch(String url) {
        return Await.value(
                        "an answer of " + url,
                        Duration.ofSeconds(30),
                        () -> stage.network
                                .command("curl", "-s", "--max-time", "5", url)
                                .run(),
                        r -> r.exitCode() == 0)
                .text();
    }

    private boolean proxyRuns() {
        return ProcessTree.descendant(stage.engine.process(), "docker.proxy.Main")
                .isPresent();
    }

    @Test
    void answersOnTheLoopbackThroughTheProxy() {
        Await.until("docker-proxy of an earlier test has ended", () -> !proxyRuns());
        docker.text("run", "-d", "--name", "web", "-p", "127.0.0.1:8080:80", "busybox", "httpd", "-f", "-h", "/www");

        assertThat(fetch("http://127.0.0.1:8080/")).isEqualTo("it works");
        assertThat(docker.text("port", "web")).isEqualTo("80/tcp -> 127.0.0.1:8080");
        assertThat(stage.engine.ours().text("port", "web")).isEqualTo("80/tcp -> 127.0.0.1:8080");
        var proxy = ProcessTree.descendant(stage.engine.process(), "docker.proxy.Main")
                .orElseThrow();
        assertThat(ProcessTree.parent(proxy.pid()))
                .isEqualTo(stage.engine.process().pid());

        docker.text("rm", "-f", "web");
        Await.until("docker-proxy ends after the last port", () -> !proxyRuns());
    }

    @Test
    void answersThroughTheNatRuleWithoutTheProxy() {
        // a second "host": a namespace with a cable to the engine's
        try (var outside = io.drydock.testkit.NetNamespace.create("out")) {
            stage.network
                    .command(
                            "ip",
                            "link",
                            "add",
                            "cable0",
                            "type",
                            "veth",
                            "peer",
                            "name",
                            "cable1",
                            "netns",
                            outside.name())
                    .run()
                    .ok();
            try {
                stage.network
                        .command("ip", "addr", "add", "192.0.2.1/24", "dev", "cable0")
                        .run()
                        .ok();
                stage.network.command("ip", "link", "set", "cable0", "up").run().ok();
                outside.command("ip", "addr", "add", "192.0.2.2/24", "dev", "cable1")
                        .run()
                        .ok();
                outside.command("ip", "link", "set", "cable1", "up").run().ok();
                docker.text("run", "-d", "--name", "web", "-p", "8081:80", "busybox", "httpd", "-f", "-h", "/www");
                var answer = Await.value(
                        "an answer from outside",
                        Duration.ofSeconds(30),
                        () -> outside.command("curl", "-s", "--max-time", "5", "http://192.0.2.1:8081/")
                                .run(),
                        r -> r.exitCode() == 0);
                assertThat(answer.text()).isEqualTo("it works");
                // the container saw the outside address, so it was the rule and not the proxy that forwarded
                docker.text(
                        "run",
                        "-d",
                        "--name",
                        "who",
                        "-p",
                        "8082:80",
                        "busybox",
                        "nc",
                        "-l",
                        "-p",
                        "80",
                        "-e",
                        "/bin/sh",
                        "-c",
                        "netstat -tn | grep ESTABLISHED");
                var seen = Await.value(
                        "the address the container sees",
                        Duration.ofSeconds(30),
                        () -> outside.command("sh", "-c", "sleep 1 | nc -w 5 192.0.2.1 8082")
                                .run(),
                        r -> r.out().contains("ESTABLISHED"));
                assertThat(seen.out()).contains("192.0.2.2:");
            } finally {
                stage.network.command("ip", "link", "del", "cable0").run();
            }
        }
    }

    @Test
    void choosesAnEphemeralPort() {
        docker.text("run", "-d", "--name", "web", "-p", "80", "busybox", "httpd", "-f", "-h", "/www");
        var line = docker.text("port", "web", "80/tcp").lines().findFirst().orElseThrow();

        assertThat(fetch("http://127.0.0.1:" + line.substring(line.lastIndexOf(':') + 1) + "/"))
                .isEqualTo("it works");
    }

    @Test
    void refusesAPortThatIsTaken() {
        docker.text("run", "-d", "--name", "first", "-p", "127.0.0.1:8083:80", "busybox", "sleep", "1000");
        for (var client : Docker.both(stage.engine.host())) {
            var second = client.run("run", "-d", "--name", "second", "-p", "127.0.0.1:8083:80", "busybox", "true");
            assertThat(second.exitCode()).as(second.toString()).isEqualTo(125);
            assertThat(second.err()).contains("Bind for 127.0.0.1:8083 failed: port is already allocated");
            client.text("rm", "-f", "second");
        }
        docker.text("rm", "-f", "first");
        docker.text("run", "-d", "--name", "third", "-p", "127.0.0.1:8083:80", "busybox", "sleep", "1000");
    }

    @Test
    void letsContainersReachEachOtherAndTheHost() {
        docker.text("run", "-d", "--name", "web", "busybox", "httpd", "-f", "-h", "/www");
        var address = docker.text("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web");
        assertThat(address).startsWith("172.17.");
        Await.until(
                "a container reaches the other",
                () -> docker.run(
                                "run",
                                "--rm",
                                "busybox",
                                "sh",
                                "-c",
                                "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 " + address + " 80")
                        .out()
                        .contains("it works"));
        assertThat(docker.text("run", "--rm", "--net", "none", "busybox", "sh", "-c", "ip -o link | wc -l"))
                .isEqualTo("1");
        assertThat(docker.text(
                        "run", "--rm", "--net", "host", "busybox", "sh", "-c", "ip -o link show docker0 | wc -l"))
                .isEqualTo("1");
    }

    @Test
    void forwardsUdp() {
        docker.text("run", "-d", "--name", "echo", "-p", "127.0.0.1:8084:53/udp", "busybox", "sleep", "1000");
        // busybox has no UDP server: one of the host's enters the container's network
        var pid = docker.text("inspect", "-f", "{{.State.Pid}}", "echo");
        var server =
                Command.of("nsenter", "-t", pid, "-n", "python3", "-c", """
                import socket
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 53))
                while True:
                    data, peer = s.recvfrom(1500); s.sendto(data, peer)
                """).start();
        try {
            Await.until(
                    "an echo",
                    Duration.ofSeconds(30),
                    () -> stage.network
                            .command(
                                    "bash",
                                    "-c",
                                    "exec 3<>/dev/udp/127.0.0.1/8084; echo ping >&3; timeout 2 head -n 1 <&3")
                            .run()
                            .text()
                            .equals("ping"));
        } finally {
            server.destroyForcibly();
        }
    }
}
