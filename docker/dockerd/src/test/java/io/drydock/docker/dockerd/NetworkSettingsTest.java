package io.drydock.docker.dockerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.engine.network.NetworkConfig;
import io.drydock.docker.engine.network.PublishPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From dockerd's flags and {@code daemon.json} to the settings of networks. */
class NetworkSettingsTest {
    @TempDir
    Path directory;

    private static NetworkConfig networks(String... arguments) throws Exception {
        return new EngineSettings(DaemonConfig.of(arguments), new InstalledPrograms(Path.of("/p"))).networks();
    }

    @Test
    void ipv6OfTheDefaultBridge() throws Exception {
        var file = directory.resolve("daemon.json");
        Files.writeString(
                file,
                "{\"ipv6\":true,\"fixed-cidr-v6\":\"fd00:1::/80\",\"ip6tables\":false,"
                        + "\"default-address-pools\":[{\"base\":\"fd00:2::/56\",\"size\":64}]}");
        var config = networks("--config-file", file.toString(), "--bip6", "fd00:1::1/64");
        assertThat(config.bridge().ipv6()).isEqualTo(new NetworkConfig.Ipv6(true, "fd00:1::1/64", "fd00:1::/80", null));
        assertThat(config.firewall().ipv6()).isFalse();
        assertThat(config.addressPools()).containsExactly(new NetworkConfig.AddressPool("fd00:2::/56", 64));
        assertThat(networks().bridge().ipv6()).isEqualTo(NetworkConfig.Ipv6.OFF);
        assertThat(networks().firewall().ipv6()).isTrue();
    }

    @Test
    void anUnknownFirewallBackendIsRefused() {
        assertThatThrownBy(() -> networks("--firewall-backend", "pf")).hasMessage("invalid firewall-backend \"pf\"");
    }

    @Test
    void publishPolicy() throws Exception {
        var file = directory.resolve("daemon.json");
        Files.writeString(file, "{\"publish-policy\":\"firewall\"}");
        assertThat(networks("--config-file", file.toString()).firewall().policy())
                .isEqualTo(PublishPolicy.FIREWALL);
        assertThat(networks("--publish-policy=local").firewall().policy()).isEqualTo(PublishPolicy.LOCAL);
        assertThat(networks().firewall().policy()).isEqualTo(PublishPolicy.OPEN);
        assertThatThrownBy(() -> networks("--publish-policy", "closed"))
                .hasMessage("invalid publish-policy \"closed\": must be open, firewall or local");
        assertThatThrownBy(() -> networks("--publish-policy", "firewall", "--userland-proxy=false"))
                .hasMessage("publish-policy \"firewall\" needs the userland proxy");
    }
}
