package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Who reaches whom: the same containers on our engine, with both kinds of firewall, and on the original one, with and without
 * userland proxy. All must answer to the same table, but for its question marks, where ours keeps closed on purpose: ports of
 * containers towards neighbours of the host that were not published, and the host's other addresses towards internal networks
 * (as newer engines do).
 */
class NetworkMatrixTest {
    private static final String HOST = "10.99.0.1";
    private static final String OUTSIDE = "10.99.0.2";
    private static final String HOST6 = "fd99::1";
    private static final String OUTSIDE6 = "fd99::2";
    private static final String OLD = "OLD";
    private static final List<String> TARGETS = List.of(
            "10.1.0.11:80", // red1, which publishes 8080
            "10.1.0.12:80", // both, in red
            "10.2.0.12:80", // both, in blue
            "10.2.0.13:80", // blue1
            "10.3.0.14:80", // cell1, in an internal network
            "10.4.0.16:80", // shy1, in a network without communication between containers
            OLD + ":80", // old1, on the default bridge, which publishes 8081
            HOST + ":8080",
            HOST + ":8081",
            HOST + ":8082", // of shy2, published at 127.0.0.1
            "127.0.0.1:8080",
            "127.0.0.1:8082",
            "10.1.0.1:8080",
            "10.3.0.1:8080",
            OUTSIDE + ":80",
            HOST + ":88",
            "[fd06::11]:80", // six1, in a network with IPv6, which publishes 8083
            "[" + HOST6 + "]:8083",
            "[::1]:8083",
            "[" + OUTSIDE6 + "]:80");

    @Test
    void withUserlandProxy() {
        check(
                expected(
                        "red1", "++.....++...++++....",
                        "both", "++++...++...++++....",
                        "blue1", "..++...++...++++....",
                        "cell1", "....+..........?....",
                        "cell2", "....+..........?....",
                        "shy1", ".....+.++...++++....",
                        "shy2", ".......++...++++....",
                        "old1", "......+++...++++....",
                        "six1", ".......++...++++++.+",
                        "six2", ".......++...++++++.+",
                        "host", "+++++++++.++++++++++",
                        "outside", "????.??++...++++?+.+"),
                List.of());
    }

    @Test
    void withoutUserlandProxy() {
        check(
                expected(
                        "red1", "++.....+....++++....",
                        "both", "++++........+.++....",
                        "blue1", "..++..........++....",
                        "cell1", "....+..........?....",
                        "cell2", "....+..........?....",
                        "shy1", ".....+........++....",
                        "shy2", "..............++....",
                        "old1", "......+.+.....++....",
                        "six1", "..............++++.+",
                        "six2", "..............++++.+",
                        "host", "+++++++++.++++++++?+",
                        "outside", "????.??++...++++?+.+"),
                List.of("--userland-proxy=false"));
    }

    /** Rows by the name of who asks: Map.of has no room for that many. */
    private static Map<String, String> expected(String... words) {
        var rows = new LinkedHashMap<String, String>();
        for (int i = 0; i < words.length; i += 2) {
            rows.put(words[i], words[i + 1]);
        }
        return rows;
    }

    private static void check(Map<String, String> expected, List<String> flags) {
        var ours = later(() -> reached(Programs.ours("dockerd"), flags, expected));
        var more = new ArrayList<>(flags);
        more.addAll(List.of("--firewall-backend", "iptables"));
        var iptables = later(() -> reached(Programs.ours("dockerd"), more, expected));
        var ipv6 = new ArrayList<>(flags);
        ipv6.addAll(List.of("--experimental", "--ip6tables"));
        var original = later(() -> reached(Programs.original("dockerd"), ipv6, expected));
        assertThat(ours.join()).as("ours").isEqualTo(expected);
        assertThat(original.join()).as("the original").isEqualTo(expected);
        assertThat(iptables.join()).as("ours with iptables").isEqualTo(expected);
    }

    private static <T> CompletableFuture<T> later(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
    }

    private static Map<String, String> reached(Path program, List<String> flags, Map<String, String> expected) {
        try (var network = NetNamespace.create("e2e");
                var outside = NetNamespace.create("e2e")) {
            connect(network, outside);
            try (var engine = Engine.startIn(program, network, false, flags)) {
                var docker = engine.original();
                var rootfs = BusyboxImage.rootfs(engine.directory);
                docker.text("import", rootfs.toString(), "busybox:latest");
                return reached(docker, serve(engine, network, outside), network, outside, expected);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void connect(NetNamespace network, NetNamespace outside) {
        for (var words : List.of(
                "ip link add out0 type veth peer name eth0 netns " + outside.name(),
                "ip addr add " + HOST + "/24 dev out0",
                "ip addr add " + HOST6 + "/64 dev out0 nodad",
                "ip link set out0 up")) {
            network.command(words.split(" ")).run().ok();
        }
        for (var words : List.of(
                "ip addr add " + OUTSIDE + "/24 dev eth0",
                "ip addr add " + OUTSIDE6 + "/64 dev eth0 nodad",
                "ip link set eth0 up",
                "ip route add default via " + HOST,
                "ip route add default via " + HOST6)) {
            outside.command(words.split(" ")).run().ok();
        }
    }

    /** Servers of the host and of its neighbour. */
    private static List<Process> serve(Engine engine, NetNamespace network, NetNamespace outside) throws IOException {
        var busybox = Programs.original("busybox").toString();
        var pages = Files.createDirectories(engine.directory.resolve("pages"));
        Files.writeString(pages.resolve("index.html"), "it works\n");
        return List.of(
                outside.command(busybox, "httpd", "-f", "-p", "80", "-h", pages.toString())
                        .start(),
                network.command(busybox, "httpd", "-f", "-p", "88", "-h", pages.toString())
                        .start());
    }

    private static Map<String, String> reached(
            Docker docker,
            List<Process> servers,
            NetNamespace network,
            NetNamespace outside,
            Map<String, String> expected) {
        try {
            run(docker);
            var old = docker.text("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "old1");
            var rows = new LinkedHashMap<String, CompletableFuture<String>>();
            for (var row : expected.entrySet()) {
                var namespace =
                        switch (row.getKey()) {
                            case "host" -> network.path();
                            case "outside" -> outside.path();
                            default ->
                                Path.of(
                                        "/proc",
                                        docker.text("inspect", "-f", "{{.State.Pid}}", row.getKey()),
                                        "ns/net");
                        };
                rows.put(row.getKey(), later(() -> row(namespace, row.getValue(), old)));
            }
            var reached = new LinkedHashMap<String, String>();
            rows.forEach((source, row) -> reached.put(source, row.join()));
            return reached;
        } finally {
            servers.forEach(Process::destroyForcibly);
        }
    }

    private static void run(Docker docker) {
        docker.text("network", "create", "--subnet", "10.1.0.0/24", "red");
        docker.text("network", "create", "--subnet", "10.2.0.0/24", "blue");
        docker.text("network", "create", "--subnet", "10.3.0.0/24", "--internal", "cell");
        docker.text(
                "network",
                "create",
                "--subnet",
                "10.4.0.0/24",
                "-o",
                "com.docker.network.bridge.enable_icc=false",
                "shy");
        docker.text("network", "create", "--ipv6", "--subnet", "10.6.0.0/24", "--subnet", "fd06::/64", "six");
        for (var container : List.of(
                "red1 --network red --ip 10.1.0.11 -p 8080:80",
                "both --network red --ip 10.1.0.12",
                "blue1 --network blue --ip 10.2.0.13",
                "cell1 --network cell --ip 10.3.0.14",
                "cell2 --network cell --ip 10.3.0.15",
                "shy1 --network shy --ip 10.4.0.16",
                "shy2 --network shy --ip 10.4.0.17 -p 127.0.0.1:8082:80",
                "six1 --network six --ip6 fd06::11 -p 8083:80",
                "six2 --network six --ip6 fd06::12",
                "old1 -p 8081:80")) {
            docker.command("run", "-d", "--name")
                    .with(container.split(" "))
                    .with("busybox", "/bin/busybox", "httpd", "-f", "-h", "/www")
                    .run()
                    .ok();
        }
        docker.text("network", "connect", "--ip", "10.2.0.12", "blue", "both");
    }

    /** All targets at once; those that should have answered, and did not in time, are asked again with more patience. */
    private static String row(Path namespace, String expected, String old) {
        var row = new StringBuilder(".".repeat(TARGETS.size()));
        var left = new ArrayList<Integer>();
        for (int i = 0; i < TARGETS.size(); i++) {
            if (expected.charAt(i) == '?') {
                row.setCharAt(i, '?');
            } else {
                left.add(i);
            }
        }
        var deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        for (int seconds = 2; !left.isEmpty() && System.nanoTime() < deadline; seconds = 10) {
            for (int answered : answering(namespace, left, old, seconds)) {
                row.setCharAt(answered, '+');
            }
            left.removeIf(i -> row.charAt(i) == '+' || expected.charAt(i) == '.');
        }
        return row.toString();
    }

    /** Which of these targets answer, asked by one program. */
    private static List<Integer> answering(Path namespace, List<Integer> targets, String old, int seconds) {
        var command = Command.of("nsenter", "--net=" + namespace, "curl", "-s", "-g", "--parallel")
                .with("--max-time", Integer.toString(seconds), "-w", "%{urlnum} %{http_code}\\n");
        for (int target : targets) {
            command = command.with(
                    "-o", "/dev/null", "http://" + TARGETS.get(target).replace(OLD, old) + "/");
        }
        return command.run()
                .out()
                .lines()
                .filter(line -> !line.endsWith(" 000"))
                .map(line -> targets.get(Integer.parseInt(line.substring(0, line.indexOf(' ')))))
                .toList();
    }
}
