package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers on the default bridge, as they are reached from each other, from the host and from outside. */
@RequiresRoot
class NetworkControllerTest {
    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Sandbox attach(NetworkController controller, SandboxRequest request) throws Exception {
        return stage.onHost(() -> controller.attach(request));
    }

    private static PortRequest port(String port, String ip, String hostPort) throws NetworkException {
        return PortRequest.parse(port, ip, hostPort);
    }

    @Test
    void containersReachEachOtherTheHostAndTheOutside() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var first = attach(controller, NetworkStage.request("first"));
            var second = attach(controller, NetworkStage.request("second"));
            var endpoint = first.endpoints().getFirst();
            assertThat(endpoint.ipAddress()).isEqualTo("172.17.0.2");
            assertThat(endpoint.prefixLength()).isEqualTo(16);
            assertThat(endpoint.gateway()).isEqualTo("172.17.0.1");
            assertThat(endpoint.macAddress()).isEqualTo("02:42:ac:11:00:02");
            assertThat(second.endpoints().getFirst().ipAddress()).isEqualTo("172.17.0.3");

            stage.serve(first.netns(), 80, "first");
            stage.serve(stage.host.path(), 81, "host");
            stage.serve(stage.outside.path(), 82, "outside");
            assertThat(NetworkStage.call(second.netns(), "172.17.0.2", 80)).isEqualTo("first 172.17.0.3 !");
            assertThat(NetworkStage.call(stage.host.path(), "172.17.0.2", 80)).isEqualTo("first 172.17.0.1 !");
            assertThat(NetworkStage.call(second.netns(), "172.17.0.1", 81)).isEqualTo("host 172.17.0.3 !");
            assertThat(NetworkStage.call(second.netns(), NetworkStage.OUTSIDE, 82))
                    .isEqualTo("outside " + NetworkStage.HOST + " !");
            assertThat(stage.events).containsExactly("CONNECT bridge id-of-first", "CONNECT bridge id-of-second");
        }
    }

    @Test
    void aPublishedPortIsReachedFromOutsideByTranslationAndFromTheHostByTheProxy() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var web = attach(controller, NetworkStage.request("web", port("80/tcp", "", "8080")));
            var other = attach(controller, NetworkStage.request("other"));
            assertThat(web.publishedPorts())
                    .containsExactly(
                            new PublishedPort(Protocol.TCP, 80, "0.0.0.0", 8080, 1),
                            new PublishedPort(Protocol.TCP, 80, "::", 8080, 1));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .isEqualTo("web " + NetworkStage.OUTSIDE + " !");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
            assertThat(NetworkStage.call(stage.host.path(), "::1", 8080)).isEqualTo("web 172.17.0.1 !");
            assertThat(NetworkStage.call(other.netns(), "172.17.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
            assertThat(NetworkStage.call(web.netns(), "172.17.0.1", 8080)).isEqualTo("web 172.17.0.1 !");

            controller.detach("id-of-web");
            assertThatThrownBy(() -> NetworkStage.call(stage.host.path(), "127.0.0.1", 8080))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPortIsPublishedOnce() throws Exception {
        try (var controller = stage.open(stage.config())) {
            attach(controller, NetworkStage.request("first", port("80", "127.0.0.1", "8080")));
            assertThatThrownBy(
                            () -> attach(controller, NetworkStage.request("second", port("80", "127.0.0.1", "8080"))))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageMatching("driver failed programming external connectivity on endpoint second "
                            + "\\([0-9a-f]{64}\\): Bind for 127.0.0.1:8080 failed: port is already allocated");
            var third = attach(controller, NetworkStage.request("third"));
            assertThat(third.endpoints().getFirst().ipAddress()).isEqualTo("172.17.0.3");
        }
    }

    @Test
    void aPortOfAnotherProgramIsNotTaken() throws Exception {
        stage.serve(stage.host.path(), 8080, "squatter");
        try (var controller = stage.open(stage.config())) {
            assertThatThrownBy(() -> attach(controller, NetworkStage.request("web", port("80", "", "8080"))))
                    .hasMessageEndingWith(
                            "Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use");
            var web = attach(controller, NetworkStage.request("web", port("80", "", "8080-8082")));
            assertThat(web.publishedPorts()).extracting(PublishedPort::hostPort).containsOnly(8081);
            var any = attach(controller, NetworkStage.request("any", port("80", "", ""), port("53/udp", "", "")));
            assertThat(any.publishedPorts()).hasSize(4);
        }
    }

    @Test
    void unpublishedPortsAreClosedToTheOutside() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var web = attach(controller, NetworkStage.request("web", port("80", "", "8080")));
            stage.serve(web.netns(), 80, "web");
            stage.outside
                    .command("ip", "route", "add", "172.17.0.0/16", "via", NetworkStage.HOST)
                    .run()
                    .ok();
            var direct = stage.outside
                    .command("timeout", "2", "bash", "-c", "echo > /dev/tcp/172.17.0.2/80")
                    .run();
            assertThat(direct.exitCode()).isNotZero();
        }
    }

    @Test
    void anEngineThatStartsAgainGoesOnWithItsContainers() throws Exception {
        Sandbox web;
        var config = stage.config();
        try (var controller = stage.open(config)) {
            web = attach(controller, NetworkStage.request("web", port("80", "", "8080")));
            attach(controller, NetworkStage.request("gone", port("80", "", "8081")));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
        }
        assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
        try (var controller = stage.open(config)) {
            controller.restore(Set.of("id-of-web"));
            assertThat(controller.sandbox("id-of-web")).isEqualTo(web);
            assertThat(controller.sandbox("id-of-gone")).isNull();
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .isEqualTo("web " + NetworkStage.OUTSIDE + " !");
            assertThatThrownBy(() -> attach(controller, NetworkStage.request("second", port("80", "", "8080"))))
                    .hasMessageEndingWith("Bind for 0.0.0.0:8080 failed: port is already allocated");
            var second = attach(controller, NetworkStage.request("second", port("80", "", "8081")));
            assertThat(second.endpoints().getFirst().ipAddress()).isEqualTo("172.17.0.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nftables", "iptables"})
    void aRangeOfPortsIsOneRecordAndOneRule(String backend) throws Exception {
        var ports = range(7000, 7000, 300); // more sockets than the kernel passes at once
        ports.addAll(range(80, 6000, 3));
        var config = stage.config();
        config = config.withFirewall(config.firewall().withBackend(backend));
        Sandbox web;
        try (var controller = stage.open(config)) {
            web = attach(controller, NetworkStage.request("web", ports.toArray(PortRequest[]::new)));
            assertThat(web.endpoints().getFirst().ports())
                    .containsExactly(
                            new PublishedPort(Protocol.TCP, 80, "0.0.0.0", 6000, 3),
                            new PublishedPort(Protocol.TCP, 80, "::", 6000, 3),
                            new PublishedPort(Protocol.TCP, 7000, "0.0.0.0", 7000, 300),
                            new PublishedPort(Protocol.TCP, 7000, "::", 7000, 300));
            assertThat(web.publishedPorts())
                    .hasSize(606)
                    .contains(new PublishedPort(Protocol.TCP, 7299, "::", 7299, 1));
            if (backend.equals("nftables")) {
                assertThat(stage.rules())
                        .contains("tcp . 7000-7299 : 172.17.0.2")
                        .contains("tcp . 6002 : 172.17.0.2 . 82");
            } else {
                assertThat(stage.host.command("iptables-save").run().ok().out())
                        .contains("--dport 7000:7299 -j DNAT --to-destination 172.17.0.2\n")
                        .contains("--dport 6000:6002 -j DNAT --to-destination 172.17.0.2:80-82/6000");
            }
            stage.serve(web.netns(), 7299, "last");
            stage.serve(web.netns(), 82, "moved");
            assertReached();
        }
        try (var controller = stage.open(config)) {
            assertThat(controller.sandbox("id-of-web")).isEqualTo(web);
            assertReached();
            assertThatThrownBy(() -> attach(
                            controller,
                            NetworkStage.request("second", range(7299, 7299, 3).toArray(PortRequest[]::new))))
                    .hasMessageEndingWith("Bind for 0.0.0.0:7299 failed: port is already allocated");
            stage.serve(stage.host.path(), 7401, "squatter");
            assertThatThrownBy(() -> attach(
                            controller,
                            NetworkStage.request(
                                    "second", range(7300, 7300, 150).toArray(PortRequest[]::new))))
                    .hasMessageEndingWith(
                            "Error starting userland proxy: listen tcp4 0.0.0.0:7401: bind: address already in use");
            attach(
                    controller,
                    NetworkStage.request("second", range(7300, 7300, 100).toArray(PortRequest[]::new)));
            controller.detach("id-of-web");
            controller.detach("id-of-second");
            assertThat(stage.rules()).doesNotContain("172.17.0.2");
        }
    }

    private static List<PortRequest> range(int container, int host, int count) throws NetworkException {
        var ports = new ArrayList<PortRequest>();
        for (int i = 0; i < count; i++) {
            ports.add(port(Integer.toString(container + i), "", Integer.toString(host + i)));
        }
        return ports;
    }

    private void assertReached() throws Exception {
        var outside = stage.outside.path();
        assertThat(NetworkStage.call(outside, NetworkStage.HOST, 7299))
                .isEqualTo("last " + NetworkStage.OUTSIDE + " !");
        assertThat(NetworkStage.call(outside, NetworkStage.HOST, 6002))
                .isEqualTo("moved " + NetworkStage.OUTSIDE + " !");
        assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 7299)).isEqualTo("last 172.17.0.1 !");
        assertThat(NetworkStage.call(stage.host.path(), "::1", 6002)).isEqualTo("moved 172.17.0.1 !");
    }

    @Test
    void hundredsOfPortsOutliveTheEngine() throws Exception {
        var ports = new PortRequest[400];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = port("80", "", Integer.toString(9000 + i));
        }
        var config = stage.config();
        Sandbox web;
        try (var controller = stage.open(config)) {
            web = attach(controller, NetworkStage.request("web", ports));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 9399)).startsWith("web ");
        }
        try (var controller = stage.open(config)) {
            assertThat(controller.sandbox("id-of-web")).isEqualTo(web);
            assertThat(ProcessHandle.current().children().filter(p -> stage.isOf(p.pid())))
                    .hasSize(1);
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 9000))
                    .startsWith("web ");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 9399)).startsWith("web ");
            controller.detach("id-of-web");
            attach(controller, NetworkStage.request("second", ports));
        }
    }

    @Test
    void rulesThatSomebodyFlushedComeBack() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var web = attach(controller, NetworkStage.request("web", port("80", "", "8080")));
            stage.serve(web.netns(), 80, "web");
            var before = stage.rules();
            assertThat(before).contains("tcp . 8080 : 172.17.0.2 . 80");
            stage.host.command("nft", "flush", "ruleset").run().ok();
            Await.until("the rules are back", () -> stage.rules().equals(before));
            stage.host
                    .command("nft", "flush", "chain", "ip", "drydock", "forward")
                    .run()
                    .ok();
            Await.until("the chain is back", () -> stage.rules().equals(before));
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .startsWith("web ");
        }
    }

    @Test
    void aBridgeThatSomebodyDeletedComesBack() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(NetworkRequest.bridge("red")));
            var web = attach(controller, NetworkStage.request("web", port("80", "", "8080")));
            var both = attach(controller, NetworkStage.in("both", List.of("red", "bridge")));
            stage.serve(web.netns(), 80, "web");
            stage.serve(both.netns(), 80, "both");
            for (var bridge : List.of("docker0", controller.network("red").bridge())) {
                stage.host.command("ip", "link", "del", bridge).run().ok();
            }
            Await.until(
                    "the containers are reached again",
                    () -> NetworkStage.reaches(stage.host.path(), "172.17.0.2", 80)
                            && NetworkStage.reaches(stage.host.path(), "172.18.0.2", 80));
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .startsWith("web ");
            var late = attach(controller, NetworkStage.request("late"));
            assertThat(NetworkStage.call(late.netns(), "172.17.0.2", 80)).startsWith("web ");
        }
    }

    @Test
    void foreignRulesStay() throws Exception {
        stage.host.command("nft", "add", "table", "inet", "mine").run().ok();
        stage.host
                .command("iptables-nft", "-A", "INPUT", "-p", "tcp", "--dport", "99", "-j", "DROP")
                .run()
                .ok();
        try (var controller = stage.open(stage.config())) {
            attach(controller, NetworkStage.request("web", port("80", "", "8080")));
            controller.detach("id-of-web");
        }
        assertThat(stage.rules()).contains("table inet mine").contains("dport 99");
    }

    @Test
    void aKilledProxyIsStartedAgainAndToldItsPorts() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var web = attach(controller, NetworkStage.request("web", port("80", "", "8080"), port("81", "", "8081")));
            stage.serve(web.netns(), 80, "web");
            stage.serve(web.netns(), 81, "second");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).startsWith("web ");
            proxy().destroyForcibly();
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).startsWith("web ");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8081)).startsWith("second ");
        }
    }

    private ProcessHandle proxy() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(process -> stage.isOf(process.pid()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        var config = stage.config();
        try (var controller = stage.open(config)) {
            for (int i = 0; i < 5; i++) {
                attach(controller, NetworkStage.request("c" + i, port("80", "", "")));
            }
            attach(
                    controller,
                    new SandboxRequest("none", "none", List.of(EndpointRequest.of("none")), List.of(), List.of()));
            attach(
                    controller,
                    new SandboxRequest("host", "host", List.of(EndpointRequest.of("host")), List.of(), List.of()));
            for (int i = 0; i < 5; i++) {
                controller.detach("id-of-c" + i);
            }
            controller.detach("none");
            controller.detach("host");
            controller.detach("host");
            Await.until(
                    "docker-proxy ends",
                    () -> ProcessHandle.current().children().noneMatch(p -> stage.isOf(p.pid())));
        }
        Await.until(
                "no interface is left",
                () -> !stage.host.command("ip", "link").run().ok().out().contains("veth"));
        assertThat(Files.list(config.execRoot().resolve("netns"))).isEmpty();
        assertThat(Files.list(config.execRoot().resolve("network/sandboxes"))).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(stage.directory.toString());
        assertThat(stage.rules()).doesNotContain("elements = { tcp");
    }

    @Test
    void sandboxesWithoutBridge() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var none = attach(
                    controller,
                    new SandboxRequest("a", "a", List.of(EndpointRequest.of("none")), List.of(), List.of()));
            assertThat(none.hostNetwork()).isFalse();
            var links = Command.of("nsenter", "--net=" + none.netns(), "ip", "-br", "link")
                    .run()
                    .ok();
            assertThat(links.text().lines()).hasSize(1).allMatch(line -> line.startsWith("lo") && line.contains("UP"));
            var host = attach(
                    controller,
                    new SandboxRequest("b", "b", List.of(EndpointRequest.of("host")), List.of(), List.of()));
            assertThat(host.hostNetwork()).isTrue();
            assertThat(controller.networks()).extracting(Network::name).containsExactly("bridge", "host", "none");
            assertThatThrownBy(() -> controller.network("nope")).hasMessage("network nope not found");
        }
    }
}
