package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code --firewall-backend=iptables}: the chains that administrators of Docker hosts know. */
class IptablesTest {
    private final NetNamespace network = NetNamespace.create("e2e");
    private final NetNamespace outside = NetNamespace.create("e2e");
    private @org.jspecify.annotations.Nullable Engine engine;

    @BeforeEach
    void joinTwoHosts() {
        network.command("ip", "link", "add", "out0", "type", "veth", "peer", "name", "eth0", "netns", outside.name())
                .run()
                .ok();
        network.command("ip", "addr", "add", "10.99.0.1/24", "dev", "out0")
                .run()
                .ok();
        network.command("ip", "link", "set", "out0", "up").run().ok();
        outside.command("ip", "addr", "add", "10.99.0.2/24", "dev", "eth0")
                .run()
                .ok();
        outside.command("ip", "link", "set", "eth0", "up").run().ok();
    }

    private Docker engine() {
        engine = Engine.startIn(network, "--firewall-backend", "iptables");
        var rootfs = BusyboxImage.rootfs(engine.directory);
        engine.original().text("import", rootfs.toString(), "busybox:latest");
        return engine.original();
    }

    @AfterEach
    void end() {
        if (engine != null) {
            engine.close();
        }
        network.close();
        outside.close();
    }

    private Command.Result fetch(String port) {
        return outside.command("curl", "-s", "--max-time", "2", "http://10.99.0.1:" + port + "/")
                .run();
    }

    private String rules() {
        return network.command("iptables-save").run().ok().out();
    }

    @Test
    void publishedPortsObeyTheUsersChainAndFlushedRulesComeBack() {
        network.command("iptables", "-N", "DOCKER-USER").run().ok();
        network.command("iptables", "-A", "DOCKER-USER", "-p", "tcp", "--dport", "81", "-j", "DROP")
                .run()
                .ok();
        var docker = engine();
        assertThat(docker.text("info", "--format", "{{.FirewallBackend.Driver}}"))
                .isEqualTo("iptables");
        for (var port : new String[] {"80", "81"}) {
            docker.text(
                    "run",
                    "-d",
                    "--name",
                    "web" + port,
                    "-p",
                    "80" + port + ":" + port,
                    "busybox",
                    "/bin/busybox",
                    "httpd",
                    "-f",
                    "-p",
                    port,
                    "-h",
                    "/www");
        }
        Await.until(
                "port 80 answers", Duration.ofSeconds(30), () -> fetch("8080").exitCode() == 0);
        assertThat(fetch("8081").exitCode()).isNotZero();
        assertThat(rules())
                .contains("-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-FORWARD\n")
                .contains("--dport 8080 -j DNAT --to-destination 172.17.0.2:80")
                .contains("-A DOCKER-USER -p tcp -m tcp --dport 81 -j DROP");

        network.command("iptables", "-F", "DOCKER-FORWARD").run().ok();
        network.command("iptables", "-t", "nat", "-F").run().ok();
        Await.until(
                "the rules are back",
                Duration.ofSeconds(30),
                () -> fetch("8080").exitCode() == 0 && rules().contains("-A DOCKER-FORWARD -j DOCKER-BRIDGE"));

        docker.text("rm", "-f", "web80", "web81");
        docker.text("network", "create", "--subnet", "10.5.0.0/24", "red");
        assertThat(rules()).contains("-s 10.5.0.0/24").doesNotContain("--dport 8080");
        docker.text("network", "rm", "red");
        assertThat(rules()).doesNotContain("10.5.0.0").contains("-A DOCKER-USER -p tcp -m tcp --dport 81 -j DROP");
    }
}
