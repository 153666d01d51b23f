package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong leaves nothing behind, and does not keep others from their work. */
@RequiresRoot
class FailuresTest {
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

    private static NetworkRequest small(String name) {
        return NetworkRequest.bridge(name)
                .withPools(List.of(new NetworkRequest.Pool("10.60.0.0/29", "", "", Map.of())));
    }

    private void assertNothingLeft(NetworkConfig config) throws Exception {
        Await.until(
                "no interface is left",
                () -> !stage.host.command("ip", "link").run().ok().out().contains("veth"));
        try (var pins = Files.list(config.execRoot().resolve("netns"));
                var records = Files.list(config.execRoot().resolve("network/sandboxes"))) {
            assertThat(pins).isEmpty();
            assertThat(records).isEmpty();
        }
        assertThat(stage.rules()).doesNotContain("elements = { tcp");
    }

    @Test
    void aContainersInterfaceThatSomebodyDeleted() throws Exception {
        var config = stage.config();
        try (var controller = stage.open(config)) {
            var web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "", "8080")));
            var other = attach(controller, NetworkStage.request("other"));
            var endpoint = web.endpoints().getFirst();
            stage.host
                    .command("ip", "link", "del", endpoint.hostInterfaceName())
                    .run()
                    .ok();
            stage.serve(other.netns(), 80, "other");
            controller.detach("id-of-web");
            var again = attach(controller, NetworkStage.request("again", PortRequest.parse("80", "", "8080")));
            assertThat(again.endpoints().getFirst().ipAddress()).isEqualTo(endpoint.ipAddress());
            assertThat(NetworkStage.call(again.netns(), "172.17.0.3", 80)).startsWith("other ");
            controller.detach("id-of-again");
            controller.detach("id-of-other");
        }
        assertNothingLeft(config);
    }

    @Test
    void aNetworkWithoutFreeAddresses() throws Exception {
        var config = stage.config();
        try (var controller = stage.open(config)) {
            stage.onHost(() -> controller.create(small("small")));
            for (int i = 0; i < 5; i++) {
                attach(controller, NetworkStage.in("c" + i, List.of("small")));
            }
            var request = NetworkStage.in("late", List.of("bridge", "small"), PortRequest.parse("80", "", "8080"));
            assertThatThrownBy(() -> attach(controller, request))
                    .hasMessage("no available IPv4 addresses on this network's address pools");
            assertThatThrownBy(() -> controller.remove("small")).hasMessageContaining("has active endpoints");
            controller.detach("id-of-c3");
            assertThat(attach(controller, request).endpoints().getLast().ipAddress())
                    .isEqualTo("10.60.0.5");
            for (var sandbox : List.of("late", "c0", "c1", "c2", "c4")) {
                controller.detach("id-of-" + sandbox);
            }
        }
        assertNothingLeft(config);
    }

    @Test
    void portsOfAProtocolTheKernelLacks() throws Exception {
        var config = stage.config();
        boolean known = Files.exists(Path.of("/proc/sys/net/sctp"));
        try (var controller = stage.open(config)) {
            var request = NetworkStage.request(
                    "web", PortRequest.parse("80", "", "8080"), PortRequest.parse("81/sctp", "", "8081"));
            if (known) {
                assertThat(attach(controller, request).publishedPorts()).hasSize(3);
                assertThat(stage.rules()).contains("sctp . 8081 : 172.17.0.2 . 81");
                controller.detach("id-of-web");
            } else {
                assertThatThrownBy(() -> attach(controller, request))
                        .hasMessageEndingWith("publish sctp port 8081: the kernel has no SCTP");
            }
            attach(controller, NetworkStage.request("web", PortRequest.parse("80", "", "8080")));
            controller.detach("id-of-web");
        }
        assertNothingLeft(config);
    }

    @Test
    void flushedChainsOfIptablesComeBack() throws Exception {
        var config = stage.config();
        try (var controller = stage.open(config.withFirewall(config.firewall().withBackend("iptables")))) {
            var web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "", "8080")));
            stage.serve(web.netns(), 80, "web");
            stage.host
                    // in one transaction: else the engine may be back between two of them
                    .command("sh", "-c", "printf '*filter\\nCOMMIT\\n*nat\\nCOMMIT\\n' | iptables-restore")
                    .run()
                    .ok();
            Await.until(
                    "the port is translated again",
                    () -> NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080)
                            .equals("web " + NetworkStage.OUTSIDE + " !"));
        }
    }

    @Test
    void anEngineThatWasKilled() throws Exception {
        var config = stage.config();
        var process = stage.host
                .command(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        stage.directory.toString(),
                        config.proxy().program().toString())
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(stage.directory.resolve("victim.log").toFile())
                .start();
        var ready = stage.directory.resolve("ready");
        try {
            Await.until("two containers run", () -> Files.exists(ready) || !process.isAlive());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(ready).exists();
        try (var controller = stage.onHost(() -> NetworkController.open(
                config, stage.plugins(), new FileStore(stage.directory), (action, network, container) -> {}))) {
            controller.restore(Set.of("id-of-web"));
            var web = Objects.requireNonNull(controller.sandbox("id-of-web"));
            assertThat(controller.sandbox("id-of-gone")).isNull();
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).startsWith("web ");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .startsWith("web ");
            var fresh =
                    attach(controller, NetworkStage.in("fresh", List.of("mine"), PortRequest.parse("80", "", "8081")));
            assertThat(fresh.endpoints().getFirst().ipAddress()).isEqualTo("10.60.0.3");
            controller.detach("id-of-web");
            controller.detach("id-of-fresh");
        }
        assertNothingLeft(config);
    }

    /** An engine with two containers that waits for its end. Arguments: the stage's directory, the docker-proxy. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            var directory = Path.of(arguments[0]);
            var config = NetworkConfig.of(directory.resolve("root"), directory.resolve("exec"), Path.of(arguments[1]));
            var plugins = new Plugins(directory.resolve("plugins"), List.of(), Duration.ZERO);
            var controller = NetworkController.open(
                    config, plugins, new FileStore(directory), (action, network, container) -> {});
            controller.create(small("mine"));
            controller.attach(NetworkStage.in("web", List.of("mine"), PortRequest.parse("80", "", "8080")));
            controller.attach(NetworkStage.in("gone", List.of("mine"), PortRequest.parse("80", "", "8081")));
            Files.createFile(directory.resolve("ready"));
            Thread.currentThread().join();
        }
    }

    /** Networks in files, so that two processes know the same. */
    private record FileStore(Path directory) implements NetworkStore {
        private Path file(String id) {
            return directory.resolve(id + ".network");
        }

        @Override
        public List<Network> networks() {
            var type = Jsonb.instance().type(Network.class);
            try (var files = Files.newDirectoryStream(directory, "*.network")) {
                var networks = new ArrayList<Network>();
                for (var file : files) {
                    networks.add(type.fromJson(Files.readString(file)));
                }
                return networks;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void put(Network network) {
            try {
                Files.writeString(
                        file(network.id()), Jsonb.instance().type(Network.class).toJson(network));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void removeNetwork(String id) {
            file(id).toFile().delete();
        }
    }
}
