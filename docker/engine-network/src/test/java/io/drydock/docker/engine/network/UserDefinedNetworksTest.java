package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.Linux;
import io.drydock.linux.netlink.NetlinkSocket;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks that users make, and containers in one or several of them. */
@RequiresRoot
class UserDefinedNetworksTest {
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

    private Network create(NetworkController controller, NetworkRequest request) throws Exception {
        return stage.onHost(() -> controller.create(request));
    }

    private static NetworkRequest.Pool pool(String subnet, String range, String gateway) {
        return new NetworkRequest.Pool(subnet, range, gateway, Map.of());
    }

    @Test
    void containersReachThoseOfTheSameNetworkOnly() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var red = create(controller, NetworkRequest.bridge("red"));
            create(controller, NetworkRequest.bridge("blue"));
            assertThat(Objects.requireNonNull(red.ipv4Pool()).subnet()).isEqualTo("172.18.0.0/16");
            var first = attach(controller, NetworkStage.in("first", List.of("red")));
            var second = attach(controller, NetworkStage.in("second", List.of("red")));
            var other = attach(controller, NetworkStage.in("other", List.of("blue")));
            var old = attach(controller, NetworkStage.request("old"));
            assertThat(first.endpoints().getFirst().ipAddress()).isEqualTo("172.18.0.2");
            stage.serve(first.netns(), 80, "first");
            stage.serve(stage.outside.path(), 82, "outside");

            assertThat(NetworkStage.call(second.netns(), "172.18.0.2", 80)).isEqualTo("first 172.18.0.3 !");
            assertThat(NetworkStage.call(stage.host.path(), "172.18.0.2", 80)).isEqualTo("first 172.18.0.1 !");
            assertThat(NetworkStage.call(other.netns(), NetworkStage.OUTSIDE, 82))
                    .isEqualTo("outside " + NetworkStage.HOST + " !");
            assertThat(NetworkStage.reaches(other.netns(), "172.18.0.2", 80)).isFalse();
            assertThat(NetworkStage.reaches(old.netns(), "172.18.0.2", 80)).isFalse();
            assertThat(stage.events)
                    .containsExactly(
                            "CREATE red ",
                            "CREATE blue ",
                            "CONNECT red id-of-first",
                            "CONNECT red id-of-second",
                            "CONNECT blue id-of-other",
                            "CONNECT bridge id-of-old");
        }
    }

    @Test
    void aContainerOfTwoNetworksIsReachedInBoth() throws Exception {
        try (var controller = stage.open(stage.config())) {
            create(controller, NetworkRequest.bridge("red"));
            create(controller, NetworkRequest.bridge("blue"));
            var both = attach(controller, NetworkStage.in("both", List.of("red", "blue")));
            var red = attach(controller, NetworkStage.in("ruby", List.of("red")));
            var blue = attach(controller, NetworkStage.in("navy", List.of("blue")));
            stage.serve(both.netns(), 80, "both");
            assertThat(both.endpoints()).extracting(Endpoint::interfaceName).containsExactly("eth0", "eth1");
            assertThat(NetworkStage.call(red.netns(), "172.18.0.2", 80)).isEqualTo("both 172.18.0.3 !");
            assertThat(NetworkStage.call(blue.netns(), "172.19.0.2", 80)).isEqualTo("both 172.19.0.3 !");
            assertThat(NetworkStage.reaches(red.netns(), "172.19.0.2", 80)).isFalse();
            assertThat(routes(both)).contains("default via 172.19.0.1 dev eth1");
        }
    }

    private static String routes(Sandbox sandbox) {
        return Command.of("nsenter", "--net=" + sandbox.netns(), "ip", "route")
                .run()
                .ok()
                .out();
    }

    @Test
    void publishedPortsFollowTheDefaultGateway() throws Exception {
        try (var controller = stage.open(stage.config())) {
            create(controller, NetworkRequest.bridge("middle"));
            create(controller, NetworkRequest.bridge("early"));
            var before = attach(controller, NetworkStage.in("web", List.of("middle"), PortRequest.parse("80", "", "")));
            int port = before.publishedPorts().getFirst().hostPort();
            stage.serve(before.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, port))
                    .startsWith("web ");

            var after = stage.onHost(() -> controller.connect("id-of-web", EndpointRequest.of("early", "web")));
            assertThat(after.endpoints().getFirst().ports()).isEmpty();
            assertThat(after.endpoints().getLast().ports()).isEqualTo(before.publishedPorts());
            assertThat(routes(after)).contains("default via 172.19.0.1 dev eth1");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, port))
                    .startsWith("web ");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", port)).startsWith("web 172.19.0.1 ");

            var early = controller.network("early");
            var again = stage.onHost(() -> controller.disconnect("id-of-web", early));
            assertThat(again.endpoints()).hasSize(1);
            assertThat(routes(again))
                    .contains("default via 172.18.0.1 dev eth0")
                    .doesNotContain("eth1");
            assertThat(again.publishedPorts()).isNotEmpty();
            int last = again.publishedPorts().getFirst().hostPort();
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, last))
                    .startsWith("web ");
            assertThatThrownBy(() -> controller.disconnect("id-of-web", early))
                    .hasMessage("container id-of-web is not connected to network early");
            assertThatThrownBy(() -> controller.connect("id-of-web", EndpointRequest.of("middle")))
                    .hasMessage("endpoint with name web already exists in network middle");
        }
    }

    @Test
    void internalNetworksHaveNoWayOutAndClosedOnesNoneBetweenContainers() throws Exception {
        try (var controller = stage.open(stage.config())) {
            create(controller, NetworkRequest.bridge("inside").asInternal());
            create(controller, NetworkRequest.bridge("shy").withOptions(Map.of(NetworkOptions.ICC, "false")));
            var first = attach(controller, NetworkStage.in("first", List.of("inside")));
            var second = attach(controller, NetworkStage.in("second", List.of("inside")));
            var third = attach(controller, NetworkStage.in("third", List.of("shy")));
            var fourth = attach(controller, NetworkStage.in("fourth", List.of("shy")));
            stage.serve(first.netns(), 80, "first");
            stage.serve(third.netns(), 80, "third");
            stage.serve(stage.outside.path(), 82, "outside");
            assertThat(NetworkStage.call(second.netns(), "172.18.0.2", 80)).startsWith("first ");
            assertThat(NetworkStage.call(stage.host.path(), "172.18.0.2", 80)).startsWith("first ");
            assertThat(routes(second)).doesNotContain("default");
            assertThat(NetworkStage.reaches(second.netns(), NetworkStage.OUTSIDE, 82))
                    .isFalse();
            assertThat(NetworkStage.reaches(fourth.netns(), "172.19.0.2", 80)).isFalse();
            assertThat(NetworkStage.call(fourth.netns(), NetworkStage.OUTSIDE, 82))
                    .startsWith("outside ");
        }
    }

    @Test
    void addressesAsAsked() throws Exception {
        try (var controller = stage.open(stage.config())) {
            var request = NetworkRequest.bridge("small")
                    .withPools(List.of(new NetworkRequest.Pool(
                            "10.5.0.0/24", "10.5.0.128/30", "10.5.0.254", Map.of("printer", "10.5.0.129"))))
                    .withOptions(Map.of(
                            Network.BRIDGE_NAME, "br-small",
                            NetworkOptions.MTU, "1400",
                            NetworkOptions.INTERFACE_PREFIX, "lan"));
            create(controller, request);
            create(controller, NetworkRequest.bridge("chosen"));
            var fixed = attach(
                    controller,
                    new SandboxRequest(
                            "a", "a", List.of(EndpointRequest.of("small").withIpv4("10.5.0.9")), List.of(), List.of()));
            assertThat(fixed.endpoints().getFirst().macAddress()).isEqualTo("02:42:0a:05:00:09");
            var interfaces = Command.of("nsenter", "--net=" + fixed.netns(), "ip", "addr", "show", "lan0")
                    .run()
                    .ok();
            assertThat(interfaces.out()).contains("mtu 1400").contains("10.5.0.9/24");
            assertThat(routes(fixed)).contains("default via 10.5.0.254 dev lan0");
            for (var expected : List.of("10.5.0.128", "10.5.0.130", "10.5.0.131")) {
                var next = attach(controller, NetworkStage.in("c" + expected, List.of("small")));
                assertThat(next.endpoints().getFirst().ipAddress()).isEqualTo(expected);
            }
            assertThatThrownBy(() -> attach(controller, NetworkStage.in("full", List.of("small"))))
                    .hasMessage("no available IPv4 addresses on this network's address pools");
            assertRefused(controller, "small", "10.5.0.9", "Address already in use");
            assertRefused(
                    controller,
                    "small",
                    "10.6.0.9",
                    "Invalid address 10.6.0.9: It does not belong to any of this network's subnets");
            assertRefused(
                    controller,
                    "chosen",
                    "172.18.0.9",
                    "user specified IP address is supported only when connecting to networks with user configured"
                            + " subnets");
            assertRefused(
                    controller,
                    "bridge",
                    "172.17.0.9",
                    "user specified IP address is supported on user defined networks only");
            assertThat(stage.host
                            .command("ip", "-br", "link", "show", "br-small")
                            .run()
                            .ok()
                            .out())
                    .isNotEmpty();
            controller.detach("a");
            attach(
                    controller,
                    new SandboxRequest(
                            "b", "b", List.of(EndpointRequest.of("small").withIpv4("10.5.0.9")), List.of(), List.of()));
        }
    }

    private void assertRefused(NetworkController controller, String network, String address, String message) {
        var request = new SandboxRequest(
                "x", "x", List.of(EndpointRequest.of(network).withIpv4(address)), List.of(), List.of());
        assertThatThrownBy(() -> attach(controller, request)).hasMessage(message);
    }

    @Test
    void wrongNetworksAreRefusedWithTheOriginalsWords() throws Exception {
        try (var controller = stage.open(stage.config())) {
            create(controller, NetworkRequest.bridge("red"));
            var red = NetworkRequest.bridge("red");
            var other = NetworkRequest.bridge("other");
            assertFails(controller, red, "network with name red already exists");
            assertFails(
                    controller,
                    NetworkRequest.bridge("host"),
                    "operation is not permitted on predefined host network ");
            assertFails(controller, NetworkRequest.bridge(""), "invalid name: ");
            assertFails(
                    controller,
                    other.withPools(List.of(pool("172.18.4.0/24", "", ""))),
                    "Pool overlaps with other one on this address space");
            assertFails(
                    controller,
                    other.withPools(List.of(pool("10.6.0.0/33", "", ""))),
                    "Invalid subnet 10.6.0.0/33 : invalid CIDR address: 10.6.0.0/33");
            assertFails(
                    controller,
                    other.withPools(List.of(pool("10.6.0.0/24", "", "10.7.0.1"))),
                    "failed to allocate gateway (10.7.0.1): Requested address is out of range");
            assertFails(
                    controller,
                    other.withPools(List.of(pool("10.6.0.0/24", "", ""), pool("10.7.0.0/24", "", ""))),
                    "bridge driver doesn't support multiple subnets");
            assertFails(
                    controller,
                    other.withOptions(Map.of(NetworkOptions.ICC, "maybe")),
                    "failed to parse com.docker.network.bridge.enable_icc value: maybe (strconv.ParseBool: parsing"
                            + " \"maybe\": invalid syntax)");
            assertThatThrownBy(() -> controller.remove("bridge"))
                    .hasMessage("bridge is a pre-defined network and cannot be removed");
            assertThat(controller.networks()).hasSize(4);
        }
    }

    private void assertFails(NetworkController controller, NetworkRequest request, String message) {
        assertThatThrownBy(() -> create(controller, request))
                .isInstanceOf(NetworkException.class)
                .hasMessage(message);
    }

    @Test
    void networksWithIpv6() throws Exception {
        var config = stage.config();
        stage.addIpv6();
        try (var controller = stage.open(config)) {
            var chosen = create(controller, NetworkRequest.bridge("chosen").withIpv6(List.of()));
            assertThat(Objects.requireNonNull(chosen.ipv6Pool()).subnet()).matches("fd[0-9a-f:]+::/64");
            create(controller, NetworkRequest.bridge("six").withIpv6(List.of(pool("fd12:3456::/64", "", ""))));
            assertFails(
                    controller,
                    NetworkRequest.bridge("more").withIpv6(List.of(pool("fd12:3456::/48", "", ""))),
                    "Pool overlaps with other one on this address space");
            var first = attach(controller, NetworkStage.in("first", List.of("six")));
            var second = attach(controller, NetworkStage.in("second", List.of("six")));
            var other = attach(controller, NetworkStage.in("other", List.of("chosen")));
            assertThat(first.endpoints().getFirst().ipv6Address()).isEqualTo("fd12:3456::2");
            assertThat(second.endpoints().getFirst().ipv6Address()).isEqualTo("fd12:3456::3");
            stage.serve(first.netns(), 80, "first");
            stage.serve(stage.outside.path(), 82, "outside");
            assertThat(NetworkStage.call(second.netns(), "fd12:3456::2", 80))
                    .startsWith("first fd12:3456:0:0:0:0:0:3 ");
            assertThat(NetworkStage.call(stage.host.path(), "fd12:3456::2", 80)).startsWith("first ");
            assertThat(NetworkStage.call(second.netns(), "fd99::2", 82)).startsWith("outside fd99:0:0:0:0:0:0:1 ");
            assertThat(NetworkStage.reaches(other.netns(), "fd12:3456::2", 80)).isFalse();
            var fixed =
                    new EndpointRequest("six", "", "fd12:3456::77", "", List.of("fixed"), Map.of(), "", Map.of(), 0);
            var request = new SandboxRequest("fixed", "fixed", List.of(fixed), List.of(), List.of());
            assertThat(attach(controller, request).endpoints().getFirst().ipv6Address())
                    .isEqualTo("fd12:3456::77");
            assertThatThrownBy(() -> attach(
                            controller, new SandboxRequest("again", "again", List.of(fixed), List.of(), List.of())))
                    .hasMessage("Address already in use");
        }
        try (var controller = stage.open(config)) {
            controller.restore(Set.of("id-of-first", "id-of-second"));
            var third = attach(controller, NetworkStage.in("third", List.of("six")));
            assertThat(third.endpoints().getFirst().ipv6Address()).isEqualTo("fd12:3456::4");
            assertThat(NetworkStage.call(third.netns(), "fd12:3456::2", 80)).startsWith("first ");
        }
    }

    @Test
    void networksWithoutIpv4() throws Exception {
        var config = stage.config();
        stage.addIpv6();
        Sandbox web;
        try (var controller = stage.open(config)) {
            assertFails(controller, NetworkRequest.bridge("none4").withoutIpv4(), "IPv4 or IPv6 must be enabled");
            var only = NetworkRequest.bridge("only")
                    .withIpv6(List.of(pool("fd66::/64", "", "")))
                    .withoutIpv4();
            assertFails(
                    controller,
                    only.withPools(List.of(pool("10.66.0.0/24", "", ""))),
                    "network only has an IPv4 subnet but IPv4 is not enabled");
            var network = create(controller, only);
            assertThat(network.ipv4Pool()).isNull();
            assertThat(stage.host
                            .command("ip", "-4", "addr", "show", network.bridge())
                            .run()
                            .ok()
                            .out())
                    .isEmpty();
            web = attach(
                    controller,
                    NetworkStage.in(
                            "web",
                            List.of("only"),
                            PortRequest.parse("80", "", "8080"),
                            PortRequest.parse("80", "127.0.0.1", "8081")));
            var endpoint = web.endpoints().getFirst();
            assertThat(endpoint.ipAddress()).isEmpty();
            assertThat(endpoint.ipv6Address()).isEqualTo("fd66::2");
            assertThat(web.publishedPorts()).containsExactly(new PublishedPort(Protocol.TCP, 80, "::", 8080, 1));
            assertThat(routes(web)).isEmpty();
            assertRefused(
                    controller,
                    "only",
                    "10.66.0.9",
                    "Invalid address 10.66.0.9: It does not belong to any of this network's subnets");
            var near = attach(controller, NetworkStage.in("near", List.of("only", "bridge")));
            stage.serve(web.netns(), 80, "web");
            stage.serve(stage.outside.path(), 82, "outside");
            assertThat(NetworkStage.call(near.netns(), "fd66::2", 80)).startsWith("web fd66:0:0:0:0:0:0:3 ");
            // its IPv4 default route is by the other network
            assertThat(NetworkStage.call(near.netns(), "fd99::2", 82)).startsWith("outside fd99:0:0:0:0:0:0:1 ");
            assertThat(NetworkStage.call(near.netns(), NetworkStage.OUTSIDE, 82))
                    .startsWith("outside " + NetworkStage.HOST + " ");
            var late = attach(controller, NetworkStage.in("late", List.of("bridge")));
            stage.onHost(() -> controller.connect("id-of-late", EndpointRequest.of("only", "late")));
            assertThat(NetworkStage.call(late.netns(), "fd99::2", 82)).startsWith("outside ");
            assertThat(routes(late)).contains("default via 172.17.0.1 dev eth0");
            assertThat(NetworkStage.call(web.netns(), "fd99::2", 82)).startsWith("outside fd99:0:0:0:0:0:0:1 ");
        }
        try (var controller = stage.open(config)) {
            assertThat(controller.sandbox("id-of-web")).isEqualTo(web);
            assertThat(NetworkStage.call(stage.outside.path(), "fd99::1", 8080)).startsWith("web fd99:0:0:0:0:0:0:2 ");
            assertThat(NetworkStage.call(stage.host.path(), "::1", 8080)).startsWith("web ");
            controller.detach("id-of-web");
            assertThat(attach(controller, NetworkStage.in("next", List.of("only")))
                            .endpoints()
                            .getFirst()
                            .ipv6Address())
                    .isEqualTo("fd66::2");
        }
    }

    @Test
    void macvlanContainersAreNeighboursOfTheHostsNeighbours() throws Exception {
        var config = stage.config();
        var request = new NetworkRequest(
                "lan",
                "macvlan",
                "",
                Map.of(),
                List.of(pool("10.99.0.0/24", "10.99.0.64/26", "10.99.0.2")),
                true,
                false,
                false,
                false,
                Map.of("parent", "out0"),
                Map.of());
        try (var controller = stage.open(config)) {
            create(controller, request);
            create(controller, NetworkRequest.bridge("red"));
            assertFails(
                    controller,
                    childOf("again", "macvlan", "out0"),
                    "network lan is already using parent interface out0");
            assertFails(
                    controller,
                    childOf("lost", "ipvlan", "nic9"),
                    "invalid subinterface vlan name nic9, example formatting is eth0.10");
            var first = attach(controller, NetworkStage.in("first", List.of("lan"), PortRequest.parse("80", "", "")));
            var second = attach(controller, NetworkStage.in("second", List.of("red")));
            assertThat(first.endpoints().getFirst().ipAddress()).isEqualTo("10.99.0.64");
            assertThat(first.publishedPorts()).isEmpty();
            assertThat(routes(first)).contains("default via 10.99.0.2 dev eth0");
            stage.serve(first.netns(), 80, "first");
            assertThat(NetworkStage.call(stage.outside.path(), "10.99.0.64", 80))
                    .startsWith("first 10.99.0.2 ");
            var both = stage.onHost(() -> controller.connect("id-of-second", EndpointRequest.of("lan", "second")));
            assertThat(both.endpoints().getLast().ipAddress()).isEqualTo("10.99.0.65");
            assertThat(NetworkStage.call(second.netns(), "10.99.0.64", 80)).startsWith("first 10.99.0.65 ");
            stage.onHost(() -> controller.disconnect("id-of-second", controller.network("lan")));
            assertThat(routes(second)).doesNotContain("10.99.0.");
        }
        try (var controller = stage.open(config)) {
            controller.restore(Set.of("id-of-first"));
            assertThat(NetworkStage.call(stage.outside.path(), "10.99.0.64", 80))
                    .startsWith("first ");
            controller.detach("id-of-first");
            stage.onHost(() -> {
                controller.remove("lan");
                return 0;
            });
        }
    }

    private static NetworkRequest childOf(String name, String driver, String parent) {
        return new NetworkRequest(
                name,
                driver,
                "",
                Map.of(),
                List.of(),
                true,
                false,
                false,
                false,
                parent.isEmpty() ? Map.of() : Map.of("parent", parent),
                Map.of());
    }

    /** Whether the kernel has that kind of interface. */
    private boolean has(String... kind) {
        var words = new ArrayList<>(List.of("ip", "link", "add"));
        words.addAll(List.of(kind));
        boolean has = stage.host.command(words.toArray(String[]::new)).run().exitCode() == 0;
        stage.host.command("ip", "link", "del", "probe").run();
        return has;
    }

    private void assertNoLink(String name) {
        assertThat(stage.host.command("ip", "link", "show", name).run().exitCode())
                .isNotZero();
    }

    @Test
    void parentsAreMadeForVlansAndForNobody() throws Exception {
        try (var controller = stage.open(stage.config())) {
            assertFails(
                    controller,
                    childOf("lost", "macvlan", "out0.x"),
                    "unable to parse a valid vlan id from: x (ex. eth0.10 for vlan 10)");
            assertFails(
                    controller,
                    childOf("lost", "macvlan", "out0.4095"),
                    "vlan id must be between 1-4094, received: 4095");
            assertFails(
                    controller,
                    childOf("lost", "macvlan", "nic9.10"),
                    "-o parent interface does was not found on the host: nic9");
            if (has("link", "out0", "name", "probe", "type", "vlan", "id", "9")) {
                create(controller, childOf("vlan", "macvlan", "out0.10"));
                var member = attach(controller, NetworkStage.in("member", List.of("vlan")));
                assertThat(routes(member)).contains("default via 172.18.0.1 dev eth0");
                controller.detach("id-of-member");
                remove(controller, "vlan");
                assertNoLink("out0.10");
            } else {
                assertFailsWith(controller, childOf("vlan", "macvlan", "out0.10"), "the kernel has no VLANs");
            }
            if (has("probe", "type", "dummy")) {
                var alone = create(controller, childOf("alone", "macvlan", ""));
                var first = attach(controller, NetworkStage.in("first", List.of("alone")));
                var second = attach(controller, NetworkStage.in("second", List.of("alone")));
                stage.serve(first.netns(), 80, "first");
                assertThat(NetworkStage.call(
                                second.netns(), first.endpoints().getFirst().ipAddress(), 80))
                        .startsWith("first ");
                assertThat(routes(second)).doesNotContain("default");
                controller.detach("id-of-first");
                controller.detach("id-of-second");
                remove(controller, "alone");
                assertNoLink(ParentLink.name(alone));
            } else {
                assertFailsWith(controller, childOf("alone", "ipvlan", ""), "the kernel has no dummy interfaces");
            }
            assertThat(controller.networks()).hasSize(3);
        }
    }

    private void remove(NetworkController controller, String name) throws Exception {
        stage.onHost(() -> {
            controller.remove(name);
            return 0;
        });
    }

    private void assertFailsWith(NetworkController controller, NetworkRequest request, String message) {
        assertThatThrownBy(() -> create(controller, request)).hasMessageContaining(message);
    }

    @Test
    void poolsRunOutAndComeBack() throws Exception {
        var config = stage.config().withAddressPools(List.of(new NetworkConfig.AddressPool("10.20.0.0/22", 24)));
        try (var controller = stage.open(config)) {
            for (var name : List.of("one", "two", "three")) {
                create(controller, NetworkRequest.bridge(name));
            }
            assertFails(
                    controller,
                    NetworkRequest.bridge("four"),
                    "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the"
                            + " network");
            stage.onHost(() -> {
                controller.remove("two");
                return 0;
            });
            assertThat(Objects.requireNonNull(create(controller, NetworkRequest.bridge("four"))
                                    .ipv4Pool())
                            .subnet())
                    .isEqualTo("10.20.2.0/24");
        }
    }

    @Test
    void smallerPoolsFollowDockersOwn() throws Exception {
        stage.host
                .command("ip", "route", "add", "10.0.0.0/23", "via", NetworkStage.OUTSIDE)
                .run()
                .ok();
        var used = List.of(
                Objects.requireNonNull(Ipv4Subnet.parse("172.16.0.0/12")),
                Objects.requireNonNull(Ipv4Subnet.parse("192.168.0.0/16")));
        var chosen = stage.onHost(() -> {
            try (var host = new RouteNetlink(NetlinkSocket.route(Linux.system()))) {
                return new SubnetPools(List.of()).choose(host, used);
            }
        });
        assertThat(chosen.toString()).isEqualTo("10.0.2.0/24");
    }

    @Test
    void networksOutliveTheEngineAndAreRemovedWhenUnused() throws Exception {
        var config = stage.config();
        Sandbox web;
        try (var controller = stage.open(config)) {
            create(controller, NetworkRequest.bridge("red"));
            create(controller, NetworkRequest.bridge("blue"));
            web = attach(
                    controller,
                    NetworkStage.in("web", List.of("red", "blue"), PortRequest.parse("80", "127.0.0.1", "8080")));
            stage.serve(web.netns(), 80, "web");
        }
        try (var controller = stage.open(config)) {
            var red = controller.network("red");
            controller.restore(Set.of("id-of-web"));
            assertThat(controller.sandbox("id-of-web")).isEqualTo(web);
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).startsWith("web ");
            var next = attach(controller, NetworkStage.in("next", List.of("red")));
            assertThat(next.endpoints().getFirst().ipAddress()).isEqualTo("172.18.0.3");
            assertThatThrownBy(() -> controller.remove("red"))
                    .hasMessage("error while removing network: network red id " + red.id() + " has active endpoints");
            controller.detach("id-of-web");
            controller.detach("id-of-next");
            stage.onHost(() -> {
                controller.remove("red");
                controller.remove(controller.network("blue").id().substring(0, 12));
                return 0;
            });
            assertThatThrownBy(() -> controller.network("red")).hasMessage("network red not found");
        }
        assertThat(stage.host.command("ip", "link").run().ok().out()).doesNotContain("br-");
        assertThat(stage.rules()).doesNotContain("172.18.").doesNotContain("br-");
        assertThat(stage.store.networks())
                .extracting(Network::name)
                .containsExactlyInAnyOrder("bridge", "host", "none");
    }
}
