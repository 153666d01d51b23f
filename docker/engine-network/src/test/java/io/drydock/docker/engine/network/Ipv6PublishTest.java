package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ports published at IPv6 addresses, with both firewall backends and both ways of the proxy, and IPv6 on the default bridge. */
@RequiresRoot
class Ipv6PublishTest {
    private static final String HOST = "fd99::1";
    private static final String OUTSIDE_SHOWN = "fd99:0:0:0:0:0:0:2";
    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
        stage.addIpv6();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Sandbox attach(NetworkController controller, SandboxRequest request) throws Exception {
        return stage.onHost(() -> controller.attach(request));
    }

    private void reachable(String backend, boolean proxy) throws Exception {
        var config = stage.config();
        config = config.withFirewall(config.firewall().withBackend(backend))
                .withProxy(new NetworkConfig.Proxy(proxy, stage.proxyProgram(), true));
        try (var controller = stage.open(config)) {
            stage.onHost(() -> controller.create(NetworkRequest.bridge("six").withIpv6(List.of(pool("fd06::/64")))));
            stage.onHost(() -> controller.create(NetworkRequest.bridge("other").withIpv6(List.of(pool("fd07::/64")))));
            var web = attach(
                    controller,
                    NetworkStage.in(
                            "web",
                            List.of("six"),
                            PortRequest.parse("80", "", "8080"),
                            PortRequest.parse("80", HOST, "8081"),
                            PortRequest.parse("80", "::1", "8082")));
            var near = attach(controller, NetworkStage.in("near", List.of("six")));
            var far = attach(controller, NetworkStage.in("far", List.of("other")));
            stage.serve(web.netns(), 80, "web");
            stage.outside
                    .command("ip", "route", "add", "fd06::/64", "via", HOST)
                    .run()
                    .ok();

            assertThat(NetworkStage.call(stage.outside.path(), HOST, 8080)).isEqualTo("web " + OUTSIDE_SHOWN + " !");
            assertThat(NetworkStage.call(stage.outside.path(), HOST, 8081)).isEqualTo("web " + OUTSIDE_SHOWN + " !");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .isEqualTo("web " + NetworkStage.OUTSIDE + " !");
            assertThat(NetworkStage.call(stage.host.path(), HOST, 8080)).startsWith("web ");
            assertThat(NetworkStage.call(near.netns(), HOST, 8080)).startsWith("web ");
            assertThat(NetworkStage.call(web.netns(), HOST, 8080)).startsWith("web ");
            // from another network the proxy leads there, and without it nothing, as with IPv4
            assertThat(NetworkStage.reaches(far.netns(), HOST, 8080)).isEqualTo(proxy);
            assertThat(NetworkStage.reaches(far.netns(), "fd06::2", 80)).isFalse();
            assertThat(NetworkStage.reaches(stage.outside.path(), "fd06::2", 80))
                    .isFalse();
            if (proxy) {
                assertThat(NetworkStage.call(stage.host.path(), "::1", 8080)).startsWith("web ");
                assertThat(NetworkStage.call(stage.host.path(), "::1", 8082)).startsWith("web ");
            }
            controller.detach("id-of-web");
            Await.until("the port is closed", () -> !NetworkStage.reaches(stage.outside.path(), HOST, 8080));
            controller.detach("id-of-near");
            controller.detach("id-of-far");
            stage.onHost(() -> {
                controller.remove("six");
                controller.remove("other");
                return true;
            });
        }
        assertThat(stage.rules()).doesNotContain("fd06::", "fd07::");
    }

    private static NetworkRequest.Pool pool(String subnet) {
        return new NetworkRequest.Pool(subnet, "", "", Map.of());
    }

    @Test
    void withNftables() throws Exception {
        reachable("nftables", true);
    }

    @Test
    void withIptablesAndWithoutProxy() throws Exception {
        reachable("iptables", false);
    }

    private NetworkConfig withBridge(NetworkConfig.Ipv6 ipv6) throws IOException {
        return stage.config().withBridge(new NetworkConfig.Bridge(null, null, null, null, 0, true, ipv6));
    }

    @Test
    void theDefaultBridgeHasTheIpv6OfTheFlags() throws Exception {
        var config = withBridge(new NetworkConfig.Ipv6(true, "fd17::1/64", "fd17::4000/114", "fd17::99"));
        try (var controller = stage.open(config)) {
            var web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "", "8080")));
            var endpoint = web.endpoints().getFirst();
            assertThat(endpoint.ipv6Address()).isEqualTo("fd17::4000");
            assertThat(endpoint.ipv6PrefixLength()).isEqualTo(64);
            assertThat(endpoint.ipv6Gateway()).isEqualTo("fd17::99");
            assertThat(controller.network("bridge").ipv6()).isTrue();
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "fd17::4000", 80)).isEqualTo("web fd17:0:0:0:0:0:0:1 !");
        }
    }

    @Test
    void theDefaultBridgeKeepsTheSubnetThatWasChosenForIt() throws Exception {
        var config = withBridge(new NetworkConfig.Ipv6(true, null, null, null))
                .withAddressPools(List.of(
                        new NetworkConfig.AddressPool("172.30.0.0/16", 24),
                        new NetworkConfig.AddressPool("fd30::/62", 64)));
        Sandbox web;
        try (var controller = stage.open(config)) {
            assertThat(subnet(controller, "bridge")).isEqualTo("fd30::/64");
            var second = stage.onHost(
                    () -> controller.create(NetworkRequest.bridge("second").withIpv6(List.of())));
            assertThat(Objects.requireNonNull(second.ipv6Pool()).subnet()).isEqualTo("fd30:0:0:1::/64");
            stage.onHost(() -> controller.create(NetworkRequest.bridge("third").withIpv6(List.of())));
            stage.onHost(() -> controller.create(NetworkRequest.bridge("fourth").withIpv6(List.of())));
            assertThatThrownBy(() -> stage.onHost(() ->
                            controller.create(NetworkRequest.bridge("fifth").withIpv6(List.of()))))
                    .hasMessageStartingWith("could not find an available, non-overlapping IPv6 address pool");
            web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "", "8080")));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.outside.path(), HOST, 8080)).isEqualTo("web " + OUTSIDE_SHOWN + " !");
        }
        try (var controller = stage.open(config)) {
            assertThat(subnet(controller, "bridge")).isEqualTo("fd30::/64");
            assertThat(NetworkStage.call(stage.outside.path(), HOST, 8080)).isEqualTo("web " + OUTSIDE_SHOWN + " !");
            assertThat(attach(controller, NetworkStage.request("late"))
                            .endpoints()
                            .getFirst()
                            .ipv6Address())
                    .isEqualTo("fd30::3");
        }
        try (var controller = stage.open(stage.config())) {
            assertThat(controller.network("bridge").ipv6()).isFalse();
        }
    }

    private static String subnet(NetworkController controller, String network) throws NetworkException {
        return Objects.requireNonNull(controller.network(network).ipv6Pool()).subnet();
    }

    @Test
    void withoutProxyAnIpv6AddressLeadsNotToAnIpv4Container() throws Exception {
        var config = stage.config().withProxy(new NetworkConfig.Proxy(false, stage.proxyProgram(), true));
        try (var controller = stage.open(config)) {
            assertThatThrownBy(() ->
                            attach(controller, NetworkStage.request("web", PortRequest.parse("80", "::", "8080"))))
                    .hasMessageEndingWith(
                            "Cannot map from IPv6 to an IPv4-only container because the userland proxy is disabled");
        }
    }
}
