package io.drydock.docker.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.FakePlugin;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How plugins are found and called. */
@Timeout(120)
class PluginsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Path directory;
    private Plugins plugins;

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "pl-");
        plugins = new Plugins(directory.resolve("run"), List.of(directory.resolve("etc")), Duration.ZERO);
    }

    @AfterEach
    void end() throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void findsPluginsBySocketSpecAndJson() throws Exception {
        Files.createDirectories(directory.resolve("etc"));
        Path hidden = directory.resolve("other.sock");
        try (var socket = FakePlugin.open(directory.resolve("run/one.sock"), "VolumeDriver");
                var nested = FakePlugin.open(directory.resolve("run/two/two.sock"), "VolumeDriver");
                var elsewhere = FakePlugin.open(hidden, "authz", "VolumeDriver")) {
            Files.writeString(directory.resolve("etc/three.spec"), "unix://" + hidden + "\n");
            Files.writeString(
                    directory.resolve("etc/four.json"), "{\"Name\":\"four\",\"Addr\":\"unix://" + hidden + "\"}");
            Files.writeString(directory.resolve("etc/five.spec"), "unix:///nowhere/at/all.sock");
            Files.writeString(directory.resolve("etc/seven.spec"), "tcp:/nobody");
            Files.writeString(directory.resolve("etc/eight.spec"), "unix:relative.sock");
            nested.answer("VolumeDriver.List", "{\"Volumes\":[]}");

            assertThat(plugins.all("VolumeDriver"))
                    .extracting(Plugin::name)
                    .containsExactly("four", "one", "three", "two");
            assertThat(plugins.all("authz")).extracting(Plugin::name).containsExactly("four", "three");
            assertThat(plugins.find("two", "VolumeDriver").client().call("VolumeDriver.List", Map.of(), LIMIT))
                    .containsEntry("Volumes", List.of());
            assertThatThrownBy(() -> plugins.find("one", "authz"))
                    .hasMessage("Plugin does not implement the requested driver: plugin=\"one\", "
                            + "requested implementation=\"authz\"");
            assertThatThrownBy(() -> plugins.find("seven", "authz"))
                    .hasMessage("\"tcp:/nobody\" names no place to listen at");
            assertThatThrownBy(() -> plugins.find("six", "authz")).hasMessage("plugin \"six\" not found");
            assertThatThrownBy(() -> plugins.find("five", "authz"))
                    .hasMessageStartingWith("Post \"http://plugin.moby.localhost/Plugin.Activate\"");
            assertThat(socket.calls()).containsExactly("Plugin.Activate ");
            assertThat(elsewhere.calls()).hasSize(2);
        }
    }

    @Test
    void tellsWhatThePluginSaysIsWrong() throws Exception {
        try (var plugin = FakePlugin.open(directory.resolve("run/one.sock"), "VolumeDriver")) {
            plugin.answer("VolumeDriver.Create", "500 {\"Err\":\"no room\"}").answer("VolumeDriver.Remove", "500 gone");
            var client = plugins.find("one", "VolumeDriver").client();

            assertThatThrownBy(() -> client.call("VolumeDriver.Create", Map.of("Name", "v", "Opts", Map.of()), LIMIT))
                    .hasMessage("VolumeDriver.Create: no room");
            assertThatThrownBy(() -> client.call("VolumeDriver.Remove", Map.of("Name", "v"), LIMIT))
                    .hasMessage("VolumeDriver.Remove: gone");
            assertThatThrownBy(() -> client.call("VolumeDriver.Path", Map.of("Name", "v"), LIMIT))
                    .hasMessage("VolumeDriver.Path: no such method");
            assertThat(plugin.calls().get(1))
                    .startsWith("VolumeDriver.Create {")
                    .contains("\"Opts\":{}");
        }
    }

    @Test
    void givesUpOnAPluginThatDoesNotAnswer() throws Exception {
        var released = new CountDownLatch(1);
        try (var plugin = FakePlugin.open(directory.resolve("run/one.sock"), "VolumeDriver")) {
            plugin.answer("VolumeDriver.Mount", body -> {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return "{}";
            });
            var client = plugins.find("one", "VolumeDriver").client();

            assertThatThrownBy(() -> client.call("VolumeDriver.Mount", Map.of("Name", "v"), Duration.ofMillis(100)))
                    .isInstanceOf(PluginException.class)
                    .hasMessageEndingWith("context deadline exceeded");
        } finally {
            released.countDown();
        }
    }

    @Test
    void givesUpOnAPluginThatTakesNoConnection() throws Exception {
        Path socket = directory.resolve("full.sock");
        var waiting = new ArrayList<SocketChannel>();
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket), 1);
            while (waiting.isEmpty() || waiting.getLast().isConnected()) {
                waiting.add(SocketChannel.open(StandardProtocolFamily.UNIX));
                connectIfThereIsRoom(waiting.getLast(), socket);
            }
            var client = new PluginClient(PluginAddress.unix(socket), Duration.ZERO);

            assertThatThrownBy(() -> client.call("Plugin.Activate", Map.of(), Duration.ofMillis(100)))
                    .isInstanceOf(PluginException.class);
        } finally {
            for (var channel : waiting) {
                channel.close();
            }
        }
    }

    private static void connectIfThereIsRoom(SocketChannel channel, Path socket) throws IOException {
        channel.configureBlocking(false);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (SocketException e) {
            assertThat(e).hasMessage("Resource temporarily unavailable");
        }
    }

    @Test
    void refusesAnswersThatAreNone() {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
                "220 smtp.example.org\r\n\r\n")) {
            assertThatThrownBy(
                            () -> HttpAnswer.read(new ByteArrayInputStream(answer.getBytes(StandardCharsets.US_ASCII))))
                    .as(answer)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void callsPluginsByTcp() throws Exception {
        Files.createDirectories(directory.resolve("etc"));
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(directory.resolve("etc/far.spec"), "tcp://127.0.0.1:" + server.getLocalPort());
            var answering = Thread.startVirtualThread(() -> {
                try (var connection = server.accept()) {
                    byte[] answer =
                            "HTTP/1.0 200 OK\r\nContent-Length: 27\r\n\r\n{\"Implements\":[\"Anything\"]}".getBytes();
                    var in = new BufferedReader(new InputStreamReader(connection.getInputStream()));
                    while (!in.readLine().isEmpty()) {
                        continue; // the head, so that closing does not reset the connection
                    }
                    connection.getOutputStream().write(answer);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(plugins.find("far", "Anything").purposes()).containsExactly("Anything");
            answering.join();
        }
        Files.writeString(directory.resolve("etc/safe.spec"), "https://127.0.0.1:1");
        assertThatThrownBy(() -> plugins.find("safe", "Anything"))
                .hasMessage("plugins behind https:// are not supported");
    }
}
