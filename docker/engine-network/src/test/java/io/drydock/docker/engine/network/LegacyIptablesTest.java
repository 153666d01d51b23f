package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The older kind of iptables, of whose changes the kernel tells nobody. */
@RequiresRoot
class LegacyIptablesTest {
    private static final Path PROGRAM = Path.of("/usr/sbin/xtables-legacy-multi");

    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    /** A directory in which the programs called iptables are the older ones. */
    private String programs() throws IOException {
        var directory = Files.createDirectory(stage.directory.resolve("legacy"));
        for (var family : List.of("iptables", "ip6tables")) {
            for (var action : List.of("", "-save", "-restore")) {
                Files.createSymbolicLink(directory.resolve(family + action), PROGRAM);
            }
        }
        return directory + "/";
    }

    private List<String> rules() {
        return List.of("iptables-legacy-save", "ip6tables-legacy-save").stream()
                .flatMap(program -> stage.host.command(program).run().ok().out().lines())
                .filter(line -> line.startsWith("-A "))
                .toList();
    }

    private void flush(String... command) {
        stage.host.command(command).run().ok();
    }

    @Test
    void rulesThatSomebodyFlushedComeBack() throws Exception {
        var linux = Linux.system();
        var programs = programs();
        try (var poller = new Poller(linux, "test");
                var firewall = stage.onHost(
                        () -> new IptablesFirewall(linux, new IptablesProgram(programs), true, true, true))) {
            assertThat(firewall.isNotified()).isFalse();
            firewall.adopt(new Firewall.BridgeRules(
                    "docker0", Ipv4Subnet.parsed("172.17.0.1/16"), true, true, false, Ipv6Subnet.parsed("fd00::1/64")));
            firewall.rebuild();
            assertThat(firewall.isChanged()).isFalse();
            var before = rules();
            assertThat(before)
                    .contains("-A FORWARD -j DOCKER-FORWARD", "-A POSTROUTING -s fd00::/64 ! -o docker0 -j MASQUERADE");
            var watch = stage.onHost(() -> new FirewallWatch(linux, poller, firewall));
            try (watch) {
                flush("iptables-legacy", "-F", "DOCKER-FORWARD");
                Await.until("the chain is back", () -> rules().equals(before));
                flush("iptables-legacy", "-t", "nat", "-F");
                Await.until("the table is back", () -> rules().equals(before));
                flush("ip6tables-legacy", "-F");
                Await.until("the rules for IPv6 are back", () -> rules().equals(before));
                flush("iptables-legacy", "-D", "FORWARD", "-j", "DOCKER-USER");
                Await.until("the user's chain is passed first again", () -> rules().equals(before));
                flush("iptables-legacy", "-A", "INPUT", "-p", "udp", "-j", "DROP");
                Await.until("that is noticed", () -> !firewall.isChanged());
                assertThat(rules()).contains("-A INPUT -p udp -j DROP").containsAll(before);
            }
        }
    }
}
