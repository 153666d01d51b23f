package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be said of a network's interfaces, and of a container's place in it. */
@RequiresRoot
class EndpointOptionsTest {
    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private static String shown(Path namespace, String... words) {
        return Command.of("nsenter", "--net=" + namespace)
                .with(words)
                .run()
                .ok()
                .out();
    }

    @Test
    void mtuNameMacAddressAndSysctls() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(NetworkRequest.bridge("slow")
                    .withOptions(Map.of(NetworkOptions.MTU, "1400", NetworkOptions.INTERFACE_PREFIX, "lan"))));
            var chosen = new EndpointRequest(
                    "slow",
                    "",
                    "",
                    "02:11:22:33:44:55",
                    List.of("web"),
                    Map.of(),
                    "front",
                    Map.of("net.ipv4.conf.IFNAME.log_martians", "1"),
                    0);
            var web = stage.onHost(
                    () -> controller.attach(new SandboxRequest("web", "web", List.of(chosen), List.of(), List.of())));
            assertThat(shown(web.netns(), "ip", "link", "show", "front")).contains("mtu 1400", "02:11:22:33:44:55");
            assertThat(shown(web.netns(), "cat", "/proc/sys/net/ipv4/conf/front/log_martians"))
                    .isEqualTo("1\n");
            var plain = stage.onHost(() -> controller.attach(NetworkStage.in("plain", List.of("slow"))));
            assertThat(plain.endpoints().getFirst().interfaceName()).isEqualTo("lan0");
            assertThat(shown(plain.netns(), "ip", "link", "show", "lan0")).contains("mtu 1400");
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(plain.netns(), "172.18.0.2", 80)).startsWith("web ");
        }
    }

    @Test
    void theDefaultGatewayIsThatOfTheHighestPriorityAndThenOfTheFirstName() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(NetworkRequest.bridge("alpha")));
            stage.onHost(() -> controller.create(NetworkRequest.bridge("beta")));
            var names = stage.onHost(() -> controller.attach(NetworkStage.in("names", List.of("beta", "alpha"))));
            assertThat(shown(names.netns(), "ip", "route", "show", "default")).contains("via 172.18.0.1 ");
            var request = new SandboxRequest(
                    "first",
                    "first",
                    List.of(
                            EndpointRequest.of("alpha", "first"),
                            EndpointRequest.of("beta", "first").withGatewayPriority(1)),
                    List.of(),
                    List.of());
            var first = stage.onHost(() -> controller.attach(request));
            assertThat(shown(first.netns(), "ip", "route", "show", "default")).contains("via 172.19.0.1 ");
        }
    }

    @Test
    void bridgesWithoutAddressAndMasqueradingAndWithAnAddressForPorts() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(
                    NetworkRequest.bridge("seen").withOptions(Map.of(NetworkOptions.MASQUERADE, "false"))));
            stage.onHost(() -> controller.create(NetworkRequest.bridge("home")
                    .withOptions(Map.of(NetworkOptions.HOST_BINDING, "127.0.0.1", Network.BRIDGE_NAME, "br-home"))));
            stage.onHost(() -> controller.create(NetworkRequest.bridge("mute")
                    .withOptions(Map.of(NetworkOptions.INHIBIT_IPV4, "true", Network.BRIDGE_NAME, "br-mute"))));
            stage.outside
                    .command("ip", "route", "add", "172.18.0.0/16", "via", NetworkStage.HOST)
                    .run()
                    .ok();
            stage.serve(stage.outside.path(), 82, "outside");
            var seen = stage.onHost(() -> controller.attach(NetworkStage.in("seen", List.of("seen"))));
            assertThat(NetworkStage.call(seen.netns(), NetworkStage.OUTSIDE, 82))
                    .isEqualTo("outside 172.18.0.2 !");
            var home = stage.onHost(() ->
                    controller.attach(NetworkStage.in("home", List.of("home"), PortRequest.parse("80", "", "8080"))));
            assertThat(home.publishedPorts())
                    .containsExactly(new PublishedPort(Protocol.TCP, 80, "127.0.0.1", 8080, 1));
            assertThat(shown(stage.host.path(), "ip", "-4", "addr", "show", "br-home"))
                    .contains("172.19.0.1/16");
            assertThat(shown(stage.host.path(), "ip", "-4", "addr", "show", "br-mute"))
                    .isEmpty();
        }
    }
}
