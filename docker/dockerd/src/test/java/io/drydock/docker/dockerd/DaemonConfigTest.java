package io.drydock.docker.dockerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonConfigTest {
    @TempDir
    Path directory;

    @Test
    void readsFlagsAsTheOriginalDoes() throws Exception {
        var config = DaemonConfig.of(
                "-D",
                "--data-root=/d",
                "--exec-root",
                "/e",
                "-Hunix:///s",
                "-H",
                "127.0.0.1:1234",
                "--icc=false",
                "--registry-mirror",
                "http://m",
                "--label",
                "a=b");

        assertThat(config.flag(DaemonFlag.DEBUG, false)).isTrue();
        assertThat(config.flag(DaemonFlag.ICC, true)).isFalse();
        assertThat(config.dataRoot()).isEqualTo(Path.of("/d"));
        assertThat(config.execRoot()).isEqualTo(Path.of("/e"));
        assertThat(config.hosts())
                .containsExactly(new HostAddress.Unix(Path.of("/s")), new HostAddress.Tcp("127.0.0.1", 1234));
        assertThat(config.mirrors()).containsExactly("http://m/");
    }

    @Test
    void refusesWhatItDoesNotKnowOrCannotDo() {
        assertThatThrownBy(() -> DaemonConfig.of("--nonsense")).hasMessage("unknown flag: --nonsense");
        assertThatThrownBy(() -> DaemonConfig.of("-x")).hasMessage("unknown shorthand flag: 'x' in -x");
        assertThatThrownBy(() -> DaemonConfig.of("--data-root")).hasMessage("flag needs an argument: --data-root");
        assertThatThrownBy(() -> DaemonConfig.of("--userns-remap", "default"))
                .hasMessage("--userns-remap: user namespaces is not built into this engine yet");
        assertThatThrownBy(() -> DaemonConfig.of("--max-concurrent-downloads", "-1"))
                .hasMessage("invalid max concurrent downloads: -1");
        assertThatThrownBy(() -> DaemonConfig.of("--max-concurrent-uploads", "-1"))
                .hasMessage("invalid max concurrent uploads: -1");
        assertThatThrownBy(() -> DaemonConfig.of("--max-download-attempts", "0"))
                .hasMessage("invalid max download attempts: 0");
        assertThatThrownBy(() -> DaemonConfig.of("--storage-driver", "zfs"))
                .hasMessageStartingWith("invalid storage driver: zfs");
        assertThatThrownBy(() -> DaemonConfig.of("-H", "ftp://x")).hasMessageContaining("unsupported proto: ftp");
    }

    @Test
    void takesSettingsFromTheFileUnlessAFlagSaysTheSame() throws Exception {
        var file = directory.resolve("daemon.json");
        Files.writeString(
                file,
                "{\"hosts\":[\"unix:///f\"],\"debug\":true,\"mtu\":1400,\"log-opts\":{\"max-size\":\"1m\"},"
                        + "\"default-ulimits\":{\"nofile\":{\"Name\":\"nofile\",\"Hard\":5,\"Soft\":4}}}");

        var config = DaemonConfig.of("--config-file", file.toString());
        assertThat(config.hosts()).containsExactly(new HostAddress.Unix(Path.of("/f")));
        assertThat(config.number(DaemonFlag.MTU, 0)).isEqualTo(1400);
        assertThat(config.pairs(DaemonFlag.LOG_OPT)).containsEntry("max-size", "1m");
        assertThat(config.list(DaemonFlag.DEFAULT_ULIMIT)).containsExactly("nofile=4:5");

        assertThatThrownBy(() -> DaemonConfig.of("--config-file", file.toString(), "--debug"))
                .hasMessageContaining(
                        "the following directives are specified both as a flag and in the configuration file: "
                                + "debug: (from flag: true, from file: true)");
        Files.writeString(file, "{\"colour\":1}");
        assertThatThrownBy(() -> DaemonConfig.of("--config-file", file.toString()))
                .hasMessageContaining("the following directives don't match any configuration option: colour");
    }

    @Test
    void takesProxiesFromTheFile() throws Exception {
        var file = directory.resolve("proxies.json");
        Files.writeString(file, "{\"proxies\":{\"http-proxy\":\"http://p:1\",\"no-proxy\":\"a,b\"}}");
        var config = DaemonConfig.of("--config-file", file.toString());
        assertThat(config.text(DaemonFlag.HTTP_PROXY, "")).isEqualTo("http://p:1");
        assertThat(config.text(DaemonFlag.NO_PROXY, "")).isEqualTo("a,b");

        Files.writeString(file, "{\"proxies\":{\"ftp-proxy\":\"x\"}}");
        assertThatThrownBy(() -> DaemonConfig.of("--config-file", file.toString()))
                .hasMessageContaining("don't match any configuration option: ftp-proxy");
    }

    /** What has no effect is refused, and the page on compatibility says so. */
    @Test
    void knowsEveryFlagOfTheOriginal() throws Exception {
        assertThat(ORIGINAL.lines().flatMap(line -> Arrays.stream(line.split(" "))))
                .allMatch(flag -> DaemonFlag.byName(flag) != null);
        String page = Files.readString(Path.of("../../docs/compatibility-engine.md"));
        for (DaemonFlag flag : DaemonFlag.values()) {
            if (!flag.refusal.isEmpty()) {
                assertThat(page).contains("`" + flag.flag + "`");
            }
        }
        var file = directory.resolve("refused.json");
        for (String key : ConfigFile.REFUSED.keySet()) {
            assertThat(page).contains("`" + key + "`");
            Files.writeString(file, "{\"" + key + "\":1}");
            assertThatThrownBy(() -> DaemonConfig.of("--config-file", file.toString()))
                    .hasMessageContaining("is not built into this engine yet");
        }
    }

    private static final String ORIGINAL = """
            add-runtime allow-direct-routing authorization-plugin bip bip6 bridge bridge-accept-fwmark cdi-spec-dir cgroup-parent
            config-file containerd containerd-namespace containerd-plugins-namespace cpu-rt-period cpu-rt-runtime cri-containerd
            data-root debug default-address-pool default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode
            default-network-opt default-runtime default-shm-size default-stop-timeout default-ulimit dns dns-opt dns-search
            exec-opt exec-root experimental feature firewall-backend fixed-cidr fixed-cidr-v6 group host host-gateway-ip
            http-proxy https-proxy icc init init-path insecure-registry ip ip-forward ip-forward-no-drop ip-masq ip6tables
            iptables ipv6 label live-restore log-driver log-format log-level log-opt max-concurrent-downloads
            max-concurrent-uploads max-download-attempts metrics-addr mtu network-control-plane-mtu network-diagnostic-port
            no-new-privileges no-proxy node-generic-resource nri-opts pidfile raw-logs registry-mirror rootless seccomp-profile
            selinux-enabled shutdown-timeout storage-driver storage-opt swarm-default-advertise-addr tls tlscacert tlscert tlskey
            tlsverify userland-proxy userland-proxy-path userns-remap validate version""";
}
