package io.drydock.docker.dockerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
