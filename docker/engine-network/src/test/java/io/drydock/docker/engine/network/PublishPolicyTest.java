package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code --publish-policy} makes of published ports on a host whose firewall denies one of them, as ufw would. */
@RequiresRoot
class PublishPolicyTest {
    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
        stage.addIpv6();
        // ufw's "deny in to any port 8080"
        for (var program : new String[] {"iptables", "ip6tables"}) {
            stage.host
                    .command(program, "-A", "INPUT", "-p", "tcp", "--dport", "8080", "-j", "DROP")
                    .run()
                    .ok();
        }
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void check(String backend, PublishPolicy policy, String reached) throws Exception {
        var config = stage.config();
        config = config.withFirewall(config.firewall().withBackend(backend).withPolicy(policy));
        try (var controller = stage.open(config)) {
            var request = NetworkStage.request(
                    "web",
                    PortRequest.parse("80", "", "8080"),
                    PortRequest.parse("80", "", "8081"),
                    PortRequest.parse("80", "0.0.0.0", "8082"));
            var web = stage.onHost(() -> controller.attach(request));
            stage.serve(web.netns(), 80, "web");
            var row = new StringBuilder();
            for (var host : new String[] {NetworkStage.HOST, "fd99::1"}) {
                for (int port = 8080; port <= 8082; port++) {
                    row.append(NetworkStage.reaches(stage.outside.path(), host, port) ? '+' : '.');
                }
            }
            assertThat(row.toString()).isEqualTo(reached);
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8081)).startsWith("web ");
            assertThat(NetworkStage.call(stage.host.path(), "::1", 8081)).startsWith("web ");
        }
    }

    @Test
    void openPortsPassByTheHostsFirewall() throws Exception {
        // the IPv6 ones are forwarded by docker-proxy, a program of the host: the container has no IPv6
        check("nftables", PublishPolicy.OPEN, "+++.+.");
    }

    @Test
    void theHostsFirewallDecides() throws Exception {
        check("nftables", PublishPolicy.FIREWALL, ".++.+.");
    }

    @Test
    void theHostsFirewallDecidesBesideChainsOfIptables() throws Exception {
        check("iptables", PublishPolicy.FIREWALL, ".++.+.");
    }

    @Test
    void portsWithoutAnAddressStayOnTheHost() throws Exception {
        check("nftables", PublishPolicy.LOCAL, "..+...");
    }
}
