package io.drydock.docker.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections and datagrams through a loop on its own thread, over loopback. */
class ForwarderTest {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Linux linux = Linux.system();
    private EventLoop loop;
    private @Nullable Thread thread;

    @BeforeEach
    void open() throws LinuxException {
        loop = new EventLoop(linux, 2);
    }

    @AfterEach
    void close() throws InterruptedException {
        loop.stop();
        if (thread != null) {
            thread.join();
        }
        loop.close();
    }

    /** Forwards a free port to that one, and starts the loop, which stops soon after it is told to. */
    private int forward(boolean udp, int target) throws IOException {
        var inet = InetCalls.system();
        var host = new InetSocketAddress(LOOPBACK, 0);
        var socket = Forwarder.bind(linux.sockets(), inet, udp, host);
        int port = inet.localAddress(socket).getPort();
        Forwarder.serve(
                loop,
                new ForwardedPort(
                        udp, new InetSocketAddress(LOOPBACK, port), new InetSocketAddress(LOOPBACK, target), 1),
                socket);
        loop.everySecond(() -> {});
        thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                loop.run();
            } catch (LinuxException e) {
                throw new UncheckedIOException(e);
            }
        });
        return port;
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(LOOPBACK, port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static ServerSocket server() throws IOException {
        var server = new ServerSocket(0, 1000, LOOPBACK);
        server.setSoTimeout(PATIENCE_MILLIS);
        return server;
    }

    @Test
    void eachDirectionEndsOnItsOwn() throws Exception {
        try (var server = server();
                var client = connect(forward(false, server.getLocalPort()));
                var served = server.accept()) {
            served.setSoTimeout(PATIENCE_MILLIS);
            client.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertThat(served.getInputStream().readAllBytes()).asString().isEqualTo("question");
            served.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
            served.close();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void nothingIsLostWhenTheReceiverIsSlower() throws Exception {
        var bytes = new byte[16 << 20];
        new Random(1).nextBytes(bytes);
        try (var server = server();
                var client = connect(forward(false, server.getLocalPort()));
                var served = server.accept()) {
            var sent = CompletableFuture.runAsync(() -> {
                try {
                    client.getOutputStream().write(bytes); // far more than the buffers hold, before anyone reads
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            served.setSoTimeout(PATIENCE_MILLIS);
            assertThat(Arrays.equals(served.getInputStream().readAllBytes(), bytes))
                    .isTrue();
            sent.join();
        }
    }

    @Test
    void manyConnectionsAtOnce() throws Exception {
        int connections = 300;
        try (var server = server();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> {
                for (int i = 0; i < connections; i++) {
                    var served = server.accept();
                    threads.submit(() -> {
                        try (served) {
                            return served.getInputStream().transferTo(served.getOutputStream());
                        }
                    });
                }
                return null;
            });
            int port = forward(false, server.getLocalPort());
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < connections; i++) {
                clients.add(connect(port));
            }
            for (int i = 0; i < connections; i++) {
                clients.get(i).getOutputStream().write(("hello " + i).getBytes(StandardCharsets.US_ASCII));
                clients.get(i).shutdownOutput();
            }
            for (int i = 0; i < connections; i++) {
                try (var client = clients.get(i)) {
                    assertThat(client.getInputStream().readAllBytes())
                            .asString()
                            .isEqualTo("hello " + i);
                }
            }
        }
    }

    @Test
    void aCallerIsTurnedAwayWhenNobodyListensInTheContainer() throws Exception {
        int dead;
        try (var server = server()) {
            dead = server.getLocalPort();
        }
        try (var client = connect(forward(false, dead))) {
            int end;
            try {
                end = client.getInputStream().read();
            } catch (IOException e) {
                end = -1; // a reset says the same
            }
            assertThat(end).isEqualTo(-1);
        }
    }

    @Test
    void datagramsFindTheirWayBackToTheirSender() throws Exception {
        try (var server = new DatagramSocket(0, LOOPBACK);
                var first = new DatagramSocket(0, LOOPBACK);
                var second = new DatagramSocket(0, LOOPBACK)) {
            int port = forward(true, server.getLocalPort());
            send(first, port, "one");
            var fromFirst = receive(server);
            send(second, port, "two");
            var fromSecond = receive(server);
            assertThat(text(fromFirst)).isEqualTo("one");
            assertThat(text(fromSecond)).isEqualTo("two");
            server.send(new DatagramPacket("2".getBytes(StandardCharsets.US_ASCII), 1, fromSecond.getSocketAddress()));
            server.send(new DatagramPacket("1".getBytes(StandardCharsets.US_ASCII), 1, fromFirst.getSocketAddress()));
            assertThat(text(receive(first))).isEqualTo("1");
            assertThat(text(receive(second))).isEqualTo("2");
        }
    }

    private static void send(DatagramSocket from, int port, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        from.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        var packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    @Test
    void aPortThatIsTakenIsReportedInTheOriginalsWords() throws Exception {
        try (var server = server()) {
            var taken = new InetSocketAddress(LOOPBACK, server.getLocalPort());
            assertThatThrownBy(() -> Forwarder.bind(linux.sockets(), InetCalls.system(), false, taken))
                    .hasMessage("listen tcp4 127.0.0.1:" + server.getLocalPort() + ": bind: address already in use");
        }
    }

    @Test
    void portsAsText() {
        var port = new ForwardedPort(
                true,
                new InetSocketAddress(InetAddress.ofLiteral("::"), 53),
                new InetSocketAddress(InetAddress.ofLiteral("172.17.0.2"), 5353),
                1);
        assertThat(ForwardedPort.parse(port.text())).isEqualTo(port);
        var range = new ForwardedPort(false, port.host(), port.container(), 1000);
        assertThat(ForwardedPort.parse(range.text())).isEqualTo(range);
        assertThat(range.at(999).text()).isEqualTo("tcp 0:0:0:0:0:0:0:0 1052 172.17.0.2 6352");
        assertThat(ForwardedPort.parse("tcp 0.0.0.0 65000 172.17.0.2 80 1000")).isNull();
        assertThat(ForwardedPort.parse("tcp 0.0.0.0 x 172.17.0.2 80")).isNull();
        assertThat(ForwardedPort.parse("icmp 0.0.0.0 1 172.17.0.2 80")).isNull();
    }
}
