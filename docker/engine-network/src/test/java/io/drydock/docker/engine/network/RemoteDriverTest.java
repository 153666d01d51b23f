package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Command;
import io.drydock.testkit.FakePlugin;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks whose interfaces and addresses come from a plugin. */
@RequiresRoot
class RemoteDriverTest {
    private NetworkStage stage;
    private FakePlugin plugin;
    private final AtomicInteger number = new AtomicInteger(1);

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
        plugin = FakePlugin.open(stage.directory.resolve("plugins/acme.sock"), PluginCalls.NETWORK, PluginCalls.IPAM)
                .answer("IpamDriver.GetCapabilities", "{}")
                .answer(
                        "IpamDriver.GetDefaultAddressSpaces",
                        "{\"LocalDefaultAddressSpace\":\"here\",\"GlobalDefaultAddressSpace\":\"everywhere\"}")
                .answer("IpamDriver.RequestPool", "{\"PoolID\":\"p1\",\"Pool\":\"10.77.0.0/24\",\"Data\":{}}")
                .answer(
                        "IpamDriver.RequestAddress",
                        body -> "{\"Address\":\"10.77.0." + number.getAndIncrement() + "/24\"}")
                .answer("IpamDriver.ReleaseAddress", "{}")
                .answer("IpamDriver.ReleasePool", "{}");
        for (var method : List.of("CreateNetwork", "DeleteNetwork", "DeleteEndpoint", "Leave")) {
            plugin.answer("NetworkDriver." + method, "{}");
        }
        plugin.answer("NetworkDriver.CreateEndpoint", "{\"Interface\":{\"MacAddress\":\"02:00:00:00:77:02\"}}")
                .answer("NetworkDriver.Join", body -> join());
    }

    /** What a plugin does: a pair of interfaces, of which the engine takes one. */
    private String join() {
        for (var words : List.of(
                "ip link add acme0 type veth peer name acme1",
                "ip addr add 10.77.0.1/24 dev acme0",
                "ip link set acme0 up")) {
            stage.host.command(words.split(" ")).run().ok();
        }
        return "{\"InterfaceName\":{\"SrcName\":\"acme1\",\"DstPrefix\":\"net\"},\"Gateway\":\"10.77.0.1\","
                + "\"StaticRoutes\":[{\"Destination\":\"10.78.0.0/24\",\"RouteType\":0,\"NextHop\":\"10.77.0.1\"},"
                + "{\"Destination\":\"10.79.0.0/24\",\"RouteType\":1}]}";
    }

    @AfterEach
    void close() throws IOException {
        plugin.close();
        stage.close();
    }

    private static NetworkRequest network(String driver, String ipam) {
        return new NetworkRequest(
                "far",
                driver,
                ipam,
                Map.of("zone", "a"),
                List.of(),
                true,
                false,
                false,
                false,
                Map.of("color", "red"),
                Map.of());
    }

    private List<String> methods() {
        return plugin.calls().stream().map(call -> call.split(" ")[0]).toList();
    }

    @Test
    void aPluginMakesTheInterfacesAndGivesTheAddresses() throws Exception {
        Sandbox web;
        try (var controller = stage.open(stage.config())) {
            var far = stage.onHost(() -> controller.create(network("acme", "acme")));
            assertThat(far.ipamDriver()).isEqualTo("acme");
            assertThat(plugin.calls())
                    .anyMatch(call -> call.startsWith("IpamDriver.RequestPool ")
                            && call.contains("\"AddressSpace\":\"here\"")
                            && call.contains("\"zone\":\"a\""))
                    .anyMatch(call -> call.startsWith("NetworkDriver.CreateNetwork ")
                            && call.contains("\"Gateway\":\"10.77.0.1/24\"")
                            && call.contains("\"color\":\"red\""));
            web = stage.onHost(() ->
                    controller.attach(NetworkStage.in("web", List.of("far"), PortRequest.parse("80", "", "8080"))));
            var endpoint = web.endpoints().getFirst();
            assertThat(endpoint.interfaceName()).isEqualTo("net0");
            assertThat(endpoint.ipAddress()).isEqualTo("10.77.0.2");
            assertThat(endpoint.macAddress()).isEqualTo("02:00:00:00:77:02");
            assertThat(plugin.calls())
                    .anyMatch(call -> call.startsWith("NetworkDriver.ProgramExternalConnectivity ")
                            && call.contains("\"HostPort\":8080"));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "10.77.0.2", 80)).isEqualTo("web 10.77.0.1 !");
            var routes = Command.of("nsenter", "--net=" + web.netns(), "ip", "route")
                    .run()
                    .ok();
            assertThat(routes.out())
                    .contains("default via 10.77.0.1", "10.78.0.0/24 via 10.77.0.1", "10.79.0.0/24 dev net0");
        }
        try (var controller = stage.open(stage.config())) {
            assertThat(NetworkStage.call(stage.host.path(), "10.77.0.2", 80)).startsWith("web ");
            controller.detach("id-of-web");
            stage.onHost(() -> {
                controller.remove("far");
                return true;
            });
            assertThat(methods())
                    .endsWith(
                            "NetworkDriver.RevokeExternalConnectivity",
                            "NetworkDriver.Leave",
                            "NetworkDriver.DeleteEndpoint",
                            "IpamDriver.ReleaseAddress",
                            "NetworkDriver.DeleteNetwork",
                            "IpamDriver.ReleaseAddress",
                            "IpamDriver.ReleasePool");
        }
    }

    @Test
    void aBridgeMayHaveAddressesOfAPlugin() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(network("bridge", "acme").withOptions(Map.of())));
            var web = stage.onHost(() -> controller.attach(NetworkStage.in("web", List.of("far"))));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "10.77.0.2", 80)).isEqualTo("web 10.77.0.1 !");
        }
    }

    @Test
    void runningContainersComeAndGo() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(network("acme", "acme")));
            var web = stage.onHost(() -> controller.attach(NetworkStage.request("web")));
            stage.onHost(() -> controller.connect("id-of-web", EndpointRequest.of("far", "web")));
            var links = Command.of("nsenter", "--net=" + web.netns(), "ip", "-br", "link");
            assertThat(links.run().ok().out()).contains("net1");
            var far = controller.network("far");
            stage.onHost(() -> controller.disconnect("id-of-web", far));
            assertThat(links.run().ok().out()).doesNotContain("net1");
            assertThat(methods())
                    .endsWith("NetworkDriver.Leave", "NetworkDriver.DeleteEndpoint", "IpamDriver.ReleaseAddress");
        }
    }

    @Test
    void whatAPluginRefusesLeavesNothingBehind() throws Exception {
        try (var controller = stage.open(stage.config())) {
            assertThatThrownBy(() -> stage.onHost(() -> controller.create(network("nobody", ""))))
                    .hasMessage("plugin \"nobody\" not found");
            assertThatThrownBy(() -> stage.onHost(() -> controller.create(network("bridge", "nobody"))))
                    .hasMessage("plugin \"nobody\" not found");
            stage.onHost(() -> controller.create(network("acme", "acme")));
            plugin.answer("NetworkDriver.Join", "{\"Err\":\"no cable\"}");
            assertThatThrownBy(() -> stage.onHost(() -> controller.attach(NetworkStage.in("web", List.of("far")))))
                    .hasMessage("remote: no cable");
            assertThat(methods()).endsWith("NetworkDriver.DeleteEndpoint", "IpamDriver.ReleaseAddress");
            assertThat(controller.sandbox("id-of-web")).isNull();
            plugin.answer("NetworkDriver.CreateEndpoint", "500 {\"Err\":\"no room\"}");
            assertThatThrownBy(() -> stage.onHost(() -> controller.attach(NetworkStage.in("web", List.of("far")))))
                    .hasMessageEndingWith("no room");
            assertThat(methods()).endsWith("IpamDriver.ReleaseAddress");
            plugin.answer("IpamDriver.RequestPool", "500 {\"Err\":\"no more pools\"}");
            assertThatThrownBy(() -> stage.onHost(() -> controller.create(new NetworkRequest(
                            "more", "bridge", "acme", Map.of(), List.of(), true, false, false, false, Map.of(),
                            Map.of()))))
                    .hasMessageEndingWith("no more pools");
            stage.onHost(() -> {
                controller.remove("far");
                return true;
            });
        }
    }
}
