package io.drydock.containerd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdEvent;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.spec.containerd.events.TaskOOM;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration changes in a running server. */
@RequiresRoot
class ConfiguredServerTest {
    @TempDir
    private Path directory;

    private ServerConfig read(String text) {
        try {
            return ServerConfig.read(Files.writeString(directory.resolve("c.toml"), "version = 3\n" + text), true);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ServerConfig placed(ServerConfig config, ServerConfig places) {
        return config.withRoot(places.root().toString())
                .withState(places.state().toString())
                .withAddress(places.address().toString());
    }

    @Test
    void metricsAndSocketsAreServedAsTold() throws Exception {
        var config = read("""
                [grpc]
                uid = 11
                gid = 12
                tcp_address = '127.0.0.1:0'
                [ttrpc]
                address = '%1$s/t.sock'
                uid = 13
                [debug]
                address = '%1$s/debug/d.sock'
                gid = 14
                [metrics]
                address = '127.0.0.1:0'
                grpc_histogram = true
                """.formatted(directory));
        try (var server = TestServer.with(places -> placed(config, places));
                var client = server.client()) {
            client.leases().create("some", Map.of());
            assertThat(Files.readAttributes(server.socket(), "unix:uid,gid")).isEqualTo(Map.of("uid", 11, "gid", 12));
            assertThat(Files.readAttributes(directory.resolve("t.sock"), "unix:uid,gid"))
                    .isEqualTo(Map.of("uid", 13, "gid", 0));
            assertThat(Files.readAttributes(directory.resolve("debug/d.sock"), "unix:uid,gid"))
                    .isEqualTo(Map.of("uid", 0, "gid", 14));
            assertThat(server.server().grpcPorts()).hasSize(1);

            var metrics = get(server.server().metricsPort(), "/v1/metrics");
            assertThat(metrics)
                    .contains("containerd_build_info_total{version=\"" + Server.VERSION)
                    .contains("grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Create\","
                            + "grpc_service=\"containerd.services.leases.v1.Leases\",grpc_type=\"unary\"} 1\n")
                    .contains("grpc_server_handling_seconds_bucket{grpc_method=\"Create\"")
                    .contains("# TYPE containerd_gc_collections_total counter")
                    .contains("process_resident_memory_bytes ");
            assertThat(get(server.server().metricsPort(), "/")).contains("404 page not found");
            Await.until(
                    "garbage was collected once, after the start",
                    () -> get(server.server().metricsPort(), "/v1/metrics")
                            .contains("containerd_gc_collections_total{status=\"success\"} 1"));
            pprof(directory.resolve("debug/d.sock"));
        }
    }

    private static String get(int port, String path) throws Exception {
        // not HttpClient, which sets up TLS first
        var connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        try (var body =
                connection.getResponseCode() == 200 ? connection.getInputStream() : connection.getErrorStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    private static void pprof(Path socket) {
        assumeThat(Path.of("/usr/bin/ctr")).isExecutable();
        var threads = Command.of("/usr/bin/ctr", "pprof", "-d", socket.toString(), "goroutines")
                .run()
                .ok();
        assertThat(threads.out()).contains("garbage-collector");
        var heap = Command.of("/usr/bin/ctr", "pprof", "-d", socket.toString(), "heap")
                .run();
        assertThat(heap.out() + heap.err()).contains("501");
    }

    @Test
    void pluginsAreDisabledAndRequired() throws Exception {
        var config = read("""
                disabled_plugins = ['io.containerd.snapshotter.v1.native', 'io.containerd.grpc.v1.diff', 'io.containerd.grpc.v1.cri']
                required_plugins = ['io.containerd.snapshotter.v1.overlayfs']
                """);
        try (var server = TestServer.with(places -> placed(config, places))) {
            assumeThat(Path.of("/usr/bin/ctr")).isExecutable();
            var plugins = Command.of("/usr/bin/ctr", "-a", server.socket().toString(), "plugins", "ls")
                    .run()
                    .ok();
            assertThat(plugins.out())
                    .contains("overlayfs")
                    .doesNotContain("native")
                    .doesNotContain("diff ");
            // wherever the machine's directories for a moment are
            assertThat(plugins.out()
                            .lines()
                            .filter(line -> line.contains("btrfs"))
                            .map(String::strip))
                    .allMatch(line -> line.endsWith("skip") || line.endsWith("ok"));
        }
        var missing = read("required_plugins = ['io.containerd.snapshotter.v1.zfs']");
        assertThatThrownBy(() -> TestServer.with(places -> placed(missing, places)))
                .hasMessage("required plugin io.containerd.snapshotter.v1.zfs not included");
        var needed = read("disabled_plugins = ['io.containerd.content.v1.content']");
        assertThatThrownBy(() -> TestServer.with(places -> placed(needed, places)))
                .hasMessage("plugin io.containerd.content.v1.content cannot be disabled");
    }

    @Test
    void overlaysGetTheOptionsTold() throws Exception {
        var config = read("""
                [plugins.'io.containerd.snapshotter.v1.overlayfs']
                root_path = '%s/over'
                mount_options = ['volatile']
                sync_remove = true
                """.formatted(directory));
        try (var server = TestServer.with(places -> placed(config, places));
                var client = server.client()) {
            client.leases().create("all", Map.of());
            var snapshots = client.withLease("all").snapshots("overlayfs");
            snapshots.prepare("work", "", Map.of());
            snapshots.commit("base", "work", "", Map.of());
            var mount = snapshots.prepare("top", "base", Map.of()).getFirst();
            assertThat(mount.options()).contains("volatile");
            assertThat(directory.resolve("over/snapshots/2/fs")).isDirectory();
            snapshots.remove("top");
            assertThat(directory.resolve("over/removed")).isEmptyDirectory();
        }
    }

    @Test
    void eventsArePublishedByTheCommand() throws Exception {
        var seen = new LinkedBlockingQueue<ContainerdEvent>();
        try (var server = TestServer.start();
                var client = ContainerdClient.connect(server.socket(), "ns");
                var events = client.events().subscribe(List.of("topic==\"/tasks/oom\""), seen::add)) {
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isInstanceOf(ContainerdEvent.Subscribed.class);
            var event = EventBus.pack(TaskOOM.newBuilder().setContainerId("box").build());
            var file = Files.write(directory.resolve("event"), event.toByteArray());
            var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
            var process = Command.of(java, "-cp", System.getProperty("java.class.path"))
                    .with("--enable-native-access=ALL-UNNAMED", Main.class.getName())
                    .with("--address", server.socket().toString())
                    .with("publish", "--topic", "/tasks/oom", "--namespace", "ns")
                    .builder()
                    .redirectInput(file.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(seen.poll(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            ContainerdEvent.TaskOom.class,
                            oom -> assertThat(oom.containerId()).isEqualTo("box"));
        }
    }
}
