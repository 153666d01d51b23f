package io.drydock.containerd.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drydock.containerd.stores.gc.CollectionSchedule;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {
    @TempDir
    private Path directory;

    @Test
    void everyKeyIsRead() {
        var config = ServerConfig.parse("""
                version = 2
                root = "/r"
                state = "/s"
                temp = "/t"
                oom_score = -500
                disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.native"]
                required_plugins = ["io.containerd.snapshotter.v1.overlayfs"]
                [grpc]
                  address = "/a"
                  uid = 1
                  gid = 2
                  tcp_address = "127.0.0.1:1"
                  tcp_tls_cert = "/cert"
                  tcp_tls_key = "/key"
                  tcp_tls_ca = "/ca"
                  max_recv_message_size = 7
                  max_send_message_size = 8
                [debug]
                  address = "/d"
                  level = "debug"
                  format = "json"
                [metrics]
                  address = "127.0.0.1:2"
                  grpc_histogram = true
                [plugins."io.containerd.gc.v1.scheduler"]
                  pause_threshold = 0.3
                  deletion_threshold = 4
                  mutation_threshold = 5
                  schedule_delay = "1m2.5s"
                  startup_delay = "3ms"
                [plugins."io.containerd.monitor.v1.cgroups"]
                  no_prometheus = true
                [plugins."io.containerd.snapshotter.v1.overlayfs"]
                  root_path = "/o"
                  mount_options = ["volatile"]
                  sync_remove = true
                [plugins."io.containerd.service.v1.diff-service"]
                  sync_fs = true
                [plugins."io.containerd.grpc.v1.cri".registry]
                  config_path = "/hosts"
                """);
        assertThat(config.root()).isEqualTo(Path.of("/r"));
        assertThat(config.state()).isEqualTo(Path.of("/s"));
        assertThat(config.mounts()).isEqualTo(Path.of("/t"));
        assertThat(config.oomScore()).isEqualTo(-500);
        assertThat(config.hasSnapshotter("native")).isFalse();
        assertThat(config.requiredPlugins()).containsExactly("io.containerd.snapshotter.v1.overlayfs");
        assertThat(config.grpc()).isEqualTo(new ServerConfig.SocketFile(Path.of("/a"), 1, 2));
        assertThat(config.ttrpc()).isEqualTo(new ServerConfig.SocketFile(Path.of("/a.ttrpc"), 1, 2));
        assertThat(config.debug()).isEqualTo(new ServerConfig.SocketFile(Path.of("/d"), 0, 0));
        assertThat(config.tcp())
                .isEqualTo(new ServerConfig.Tcp("127.0.0.1:1", Path.of("/cert"), Path.of("/key"), Path.of("/ca")));
        assertThat(config.maxReceivedMessage()).isEqualTo(7);
        assertThat(config.maxSentMessage()).isEqualTo(8);
        assertThat(config.logLevel()).isEqualTo("debug");
        assertThat(config.logFormat()).isEqualTo("json");
        assertThat(config.metricsAddress()).isEqualTo("127.0.0.1:2");
        assertThat(config.grpcHistogram()).isTrue();
        assertThat(config.taskMetrics()).isFalse();
        assertThat(config.collection())
                .isEqualTo(new CollectionSchedule(0.3, 4, 5, Duration.ofMillis(62_500), Duration.ofMillis(3)));
        assertThat(config.snapshotterRoot("overlayfs")).isEqualTo(Path.of("/o"));
        assertThat(config.overlayOptions()).containsExactly("volatile");
        assertThat(config.syncRemove()).isTrue();
        assertThat(config.syncLayers()).isTrue();
        assertThat(config.registryHosts()).isEqualTo("/hosts");
        assertThat(config.unknownKeys()).isEmpty();
    }

    @Test
    void whatTheOriginalWritesIsRead() {
        var original = Path.of("/usr/bin/containerd");
        assumeThat(original).isExecutable();
        var text =
                Command.of(original.toString(), "config", "default").run().ok().out();

        var config = ServerConfig.parse(text);

        assertThat(config.collection()).isEqualTo(CollectionSchedule.DEFAULT);
        assertThat(config.root()).isEqualTo(Path.of("/var/lib/containerd"));
    }

    @Test
    void versionOneNamesPluginsByTheirLastWord() {
        var config = ServerConfig.parse("""
                disabled_plugins = ["cri", "native"]
                [plugins.overlayfs]
                root_path = "/o"
                [plugins.scheduler]
                mutation_threshold = 3
                """);
        assertThat(config.disabledPlugins())
                .containsExactly("io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.native");
        assertThat(config.snapshotterRoot("overlayfs")).isEqualTo(Path.of("/o"));
        assertThat(config.collection().mutationThreshold()).isEqualTo(3);
    }

    @Test
    void importsGoBeforeTheFileAndListsOfPluginsAdd() throws IOException {
        Files.createDirectory(directory.resolve("more"));
        Files.writeString(directory.resolve("config.toml"), """
                version = 2
                imports = ["more/*.toml"]
                root = "/first"
                state = "/kept"
                disabled_plugins = ["io.containerd.a.v1.a"]
                """);
        Files.writeString(directory.resolve("more/x.toml"), """
                version = 3
                root = "/second"
                imports = ["../config.toml"]
                disabled_plugins = ["io.containerd.b.v1.b"]
                """);
        var config = ServerConfig.read(directory.resolve("config.toml"), true);
        assertThat(config.root()).isEqualTo(Path.of("/second"));
        assertThat(config.state()).isEqualTo(Path.of("/kept"));
        assertThat(config.disabledPlugins()).containsExactly("io.containerd.a.v1.a", "io.containerd.b.v1.b");
    }

    @Test
    void unknownKeysAreTold() {
        var config = ServerConfig.parse("""
                version = 3
                nonsense = 1
                [grpc]
                adress = "/x"
                [plugins.'io.containerd.snapshotter.v1.overlayfs']
                rootpath = "/x"
                [plugins.'io.containerd.other.v1.x']
                anything = 1
                [timeouts]
                'io.containerd.timeout.shim.load' = '5s'
                """);
        assertThat(config.unknownKeys())
                .containsExactlyInAnyOrder(
                        "nonsense", "grpc adress", "plugins io.containerd.snapshotter.v1.overlayfs rootpath");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            root = 1                                                        | "root" is not a text: 1
            [grpc];uid = 'x'                                                | "grpc.uid" is not a number: x
            disabled_plugins = ['cri']                                      | expect io.containerd.x.vx
            plugin_dir = '/x'                                               | plugin_dir
            [proxy_plugins.x];type = 'snapshot'                             | proxy_plugins are not supported
            [cgroup];path = '/x'                                            | cgroup.path
            [debug];level = 'loud'                                          | unknown log level: "loud"
            [plugins.'io.containerd.gc.v1.scheduler'];startup_delay = '1'   | time: missing unit in duration "1"
            [plugins.'io.containerd.metadata.v1.bolt'];content_sharing_policy = 'isolated' | "isolated" is not supported
            """)
    void whatCannotBeIsRefused(String text, String why) {
        assertThatThrownBy(() -> ServerConfig.parse("version = 3\n" + text.replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void migrationKeepsWhatTheFileSays() throws IOException {
        var file = directory.resolve("old.toml");
        Files.writeString(file, """
                oom_score = 3
                [plugins.overlayfs]
                root_path = "/it's \\"here\\""
                [plugins.cri.registry]
                config_path = "/hosts"
                """);
        var migrated = Arguments.parse(new String[] {"-c", file.toString(), "config", "migrate"})
                .migrated();
        assertThat(migrated)
                .contains("version = 3", "oom_score = 3", "[plugins.'io.containerd.grpc.v1.cri'.registry]")
                .doesNotContain("[grpc]");
        assertThat(ServerConfig.parse(migrated).snapshotterRoot("overlayfs")).isEqualTo(Path.of("/it's \"here\""));
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
