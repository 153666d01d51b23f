package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network of two engines on two hosts that are neighbours. */
@RequiresRoot
class OverlayTest {
    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private NetworkController openOutside() throws Exception {
        var directory = stage.directory.resolve("outside");
        var config = NetworkConfig.of(directory.resolve("root"), directory.resolve("exec"), stage.proxyProgram());
        return NetworkStage.in(
                stage.outside.path(),
                () -> NetworkController.open(
                        config, stage.plugins(), new NetworkStage.MemoryStore(), (action, network, container) -> {}));
    }

    private static NetworkRequest overlay(String name, String range, Map<String, String> options) {
        var pool = new NetworkRequest.Pool("10.50.0.0/24", range, "", Map.of());
        // the hosts' parts of the IPv6 subnet are told apart as those of the IPv4 subnet are
        var part = range.contains(".128/") ? "fd50::1:0/112" : range.isEmpty() ? "" : "fd50::2:0/112";
        var pool6 = new NetworkRequest.Pool("fd50::/64", part, "", Map.of());
        return new NetworkRequest(
                name, "overlay", "", Map.of(), List.of(pool, pool6), true, true, false, false, options, Map.of());
    }

    private static Map<String, String> options(String peer) {
        return Map.of(Overlay.IDENTIFIER, "4096", Overlay.PEERS, peer);
    }

    @Test
    void containersOfTwoEnginesReachEachOther() throws Exception {
        try (var here = stage.open(stage.config());
                var there = openOutside()) {
            var network =
                    stage.onHost(() -> here.create(overlay("wide", "10.50.0.0/25", options(NetworkStage.OUTSIDE))));
            NetworkStage.in(
                    stage.outside.path(),
                    () -> there.create(overlay("wide", "10.50.0.128/25", options(NetworkStage.HOST))));
            var first = stage.onHost(() -> here.attach(NetworkStage.in("first", List.of("wide"))));
            var both = stage.onHost(() -> here.attach(
                    NetworkStage.in("both", List.of("wide", "bridge"), PortRequest.parse("80", "", "8080"))));
            var far =
                    NetworkStage.in(stage.outside.path(), () -> there.attach(NetworkStage.in("far", List.of("wide"))));
            stage.serve(first.netns(), 80, "first");
            stage.serve(both.netns(), 80, "both");
            stage.serve(far.netns(), 80, "far");
            var firstAddress = first.endpoints().getFirst().ipAddress();
            var farAddress = far.endpoints().getFirst().ipAddress();
            assertThat(NetworkStage.call(first.netns(), farAddress, 80)).isEqualTo("far " + firstAddress + " !");
            assertThat(NetworkStage.call(far.netns(), firstAddress, 80)).isEqualTo("first " + farAddress + " !");
            assertThat(NetworkStage.call(both.netns(), farAddress, 80)).startsWith("far ");
            var farAddress6 = far.endpoints().getFirst().ipv6Address();
            assertThat(farAddress6).isEqualTo("fd50::1:0");
            assertThat(NetworkStage.call(first.netns(), farAddress6, 80)).startsWith("far fd50:0:0:0:0:0:2:0 ");
            // the way out, and in, is that of a bridge network
            assertThat(first.gateway()).isNull();
            assertThat(NetworkStage.reaches(first.netns(), NetworkStage.OUTSIDE, 22))
                    .isFalse();
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .startsWith("both ");

            stage.host
                    .command("ip", "link", "del", Overlay.interfaceOf(network))
                    .run()
                    .ok();
            Await.until("the tunnel is made again", () -> NetworkStage.reaches(first.netns(), farAddress, 80));
            for (var container : List.of("first", "both")) {
                here.detach("id-of-" + container);
            }
            stage.onHost(() -> {
                here.remove("wide");
                return true;
            });
            assertThat(stage.host.command("ip", "-br", "link").run().ok().out()).doesNotContain("vx-", "ov-");
            there.detach("id-of-far");
            NetworkStage.in(stage.outside.path(), () -> {
                there.remove("wide");
                return true;
            });
        }
    }

    @Test
    void whatCannotWorkIsRefused() throws Exception {
        try (var controller = stage.open(stage.config())) {
            assertRefused(
                    controller,
                    overlay("wide", "", Map.of()),
                    "overlay networks need an identifier that is the same on all hosts (-o " + Overlay.IDENTIFIER
                            + "=4096)");
            assertRefused(
                    controller,
                    overlay("wide", "", options("here")),
                    "failed to parse peers value: here (no IPv4 address)");
            assertRefused(
                    controller,
                    overlay("wide", "", options(NetworkStage.OUTSIDE)).withPools(List.of()),
                    "overlay networks need a subnet that is the same on all hosts (--subnet)");
            stage.onHost(() -> controller.create(overlay("wide", "", options(NetworkStage.OUTSIDE))));
            assertThatThrownBy(() -> stage.onHost(() -> controller.attach(
                            NetworkStage.in("web", List.of("wide"), PortRequest.parse("80", "", "8080")))))
                    .hasMessageStartingWith("ports are not published in overlay networks");
            var again = List.of(
                    new NetworkRequest.Pool("10.51.0.0/24", "", "", Map.of()),
                    new NetworkRequest.Pool("fd51::/64", "", "", Map.of()));
            assertRefused(
                    controller,
                    overlay("again", "", options(NetworkStage.OUTSIDE)).withPools(again.subList(0, 1)),
                    "overlay networks need a subnet that is the same on all hosts (--subnet)");
            assertRefused(
                    controller,
                    overlay("again", "", options(NetworkStage.OUTSIDE)).withPools(again),
                    "network wide is already using VXLAN identifier 4096");
        }
    }

    private void assertRefused(NetworkController controller, NetworkRequest request, String message) {
        assertThatThrownBy(() -> stage.onHost(() -> controller.create(request)))
                .isInstanceOf(NetworkException.class)
                .hasMessage(message);
    }
}
