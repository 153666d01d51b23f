package io.drydock.containerd.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
    @TempDir
    private Path directory;

    @Test
    void everyKeyIsRead() {
        var config = ServerConfig.parse("""
                version = 2
                root = "/r"
                state = "/s"
                oom_score = -500
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                  address = "/a"
                  uid = 1
                  gid = 2
                [debug]
                  level = "debug"
                """);
        assertThat(config).isEqualTo(new ServerConfig(Path.of("/r"), Path.of("/s"), Path.of("/a"), 1, 2, "debug"));
    }

    @Test
    void versionFourHasTheSocketAmongThePlugins() {
        assertThat(ServerConfig.parse("version = 4\n[plugins.'io.containerd.server.v1.grpc']\naddress = '/x'\n")
                        .address())
                .isEqualTo(Path.of("/x"));
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(ServerConfig.parse(ServerConfig.DEFAULT.toToml())).isEqualTo(ServerConfig.DEFAULT);
    }

    @Test
    void aNewerVersionIsRefused() {
        assertThatThrownBy(() -> ServerConfig.parse("version = 5")).hasMessageContaining("equal to or less than `4`");
    }

    @Test
    void flagsGoBeforeTheFile() throws IOException {
        var file = directory.resolve("config.toml");
        Files.writeString(file, "root = \"/from-file\"\nstate = \"/from-file\"\n");
        var config = Arguments.parse(new String[] {"-c", file.toString(), "--root=/flag", "-l", "debug"})
                .config();
        assertThat(config.root()).isEqualTo(Path.of("/flag"));
        assertThat(config.state()).isEqualTo(Path.of("/from-file"));
        assertThat(config.logLevel()).isEqualTo("debug");
    }

    @Test
    void aNamedFileMustExist() {
        var missing = directory.resolve("missing.toml").toString();
        assertThatThrownBy(() ->
                        Arguments.parse(new String[] {"--config", missing}).config())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such file or directory");
    }

    @Test
    void unknownFlagsAreRefused() {
        assertThatThrownBy(() -> Arguments.parse(new String[] {"--nope"}))
                .hasMessage("flag provided but not defined: -nope");
        assertThatThrownBy(() -> Arguments.parse(new String[] {"--root"})).hasMessage("flag needs an argument: -root");
    }

    @Test
    void commandsAreKept() {
        assertThat(Arguments.parse(new String[] {"-l", "info", "config", "dump"})
                        .command())
                .containsExactly("config", "dump");
    }
}
