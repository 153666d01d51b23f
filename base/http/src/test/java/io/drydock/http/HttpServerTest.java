package io.drydock.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HttpServerTest {
    private final List<HttpServer> servers = new ArrayList<>();

    @TempDir
    Path directory;

    private int serve(HttpHandler handler) throws IOException {
        return serve(handler, Limits.DEFAULT);
    }

    private int serve(HttpHandler handler, Limits limits) throws IOException {
        HttpServer server = new HttpServer(handler, ErrorRenderer.PLAIN, limits);
        servers.add(server);
        return server.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", 0), null));
    }

    @AfterEach
    void stop() {
        servers.forEach(HttpServer::close);
    }

    private static void echo(Exchange exchange) throws IOException {
        exchange.response()
                .send("text/plain", new String(exchange.request().body().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void answersWithStatusHeadersAndBody() throws IOException {
        int port = serve(exchange -> exchange.response()
                .status(201)
                .header("X-Path", exchange.request().path())
                .send("text/plain", "q=" + exchange.request().query().all("q")));
        try (RawClient client = new RawClient(port)) {
            client.send("GET /a%20b?q=1&q=%C3%A4+b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 201 Created\r\nX-Path: /a b\r\nContent-Type: text/plain\r\n")
                    .contains("Content-Length: 11\r\n", "Connection: close\r\n", "Date: ")
                    .endsWith("\r\n\r\nq=[1, Ã¤ b]");
        }
    }

    @Test
    void keepsConnectionsAndServesPipelinedRequestsInOrder() throws IOException {
        int port = serve(HttpServerTest::echo);
        try (RawClient client = new RawClient(port)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
                    + "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1;x=y\r\no\r\n0\r\nT: r\r\n\r\n"
                    + "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nthree");
            String all = client.rest();
            assertThat(all.split("HTTP/1.1 200 OK")).hasSize(4);
            assertThat(all.indexOf("one")).isLessThan(all.indexOf("two"));
            assertThat(all).endsWith("three");
        }
    }

    @Test
    void readsRequestsInPiecesOfOneByte() throws IOException {
        int port = serve(HttpServerTest::echo);
        try (RawClient client = new RawClient(port)) {
            client.socket.setTcpNoDelay(true);
            String request =
                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
            for (char c : request.toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.rest()).endsWith("hello");
        }
    }

    @Test
    void dropsTheUnreadBodyAndKeepsTheConnection() throws IOException {
        int port = serve(exchange -> exchange.response().send("text/plain", "ok"));
        try (RawClient client = new RawClient(port)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
            client.until("\r\n\r\nok");
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).endsWith("ok");
        }
    }

    @Test
    void answersBeforeAHugeBodyAndCloses() throws IOException {
        int port = serve(exchange -> {
            throw new HttpException(401, "who are you");
        });
        try (RawClient client = new RawClient(port)) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\nxxxx");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 401 Unauthorized")
                    .contains("Connection: close")
                    .endsWith("who are you\n");
        }
    }

    @Test
    void tellsTheClientToContinueOnlyWhenTheBodyIsRead() throws IOException {
        int port = serve(exchange -> {
            if (exchange.request().path().equals("/no")) {
                throw new HttpException(413, "too big");
            }
            echo(exchange);
        });
        try (RawClient client = new RawClient(port)) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("hi");
            assertThat(client.until("\r\n\r\nhi")).startsWith("HTTP/1.1 200 OK");
            client.send("PUT /no HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 413").contains("Connection: close");
        }
    }

    @Test
    void flushPutsAChunkOnTheWireAtOnce() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        int port = serve(exchange -> {
            OutputStream out = exchange.response().stream();
            out.flush();
            out.write("first".getBytes(StandardCharsets.UTF_8));
            out.flush();
            awaitLatch(seen);
            out.write("second".getBytes(StandardCharsets.UTF_8));
        });
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).contains("Transfer-Encoding: chunked");
            assertThat(client.until("first\r\n")).isEqualTo("5\r\nfirst\r\n");
            seen.countDown();
            assertThat(client.until("0\r\n\r\n")).isEqualTo("6\r\nsecond\r\n0\r\n\r\n");
        }
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nothing happened for 30 s");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Test
    void shortStreamsGetALengthAndHeadHasNoBody() throws IOException {
        int port = serve(exchange -> exchange.response().stream().write("short".getBytes(StandardCharsets.UTF_8)));
        try (RawClient client = new RawClient(port)) {
            client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).contains("Content-Length: 5");
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.rest()).contains("Content-Length: 5").endsWith("\r\n\r\nshort");
        }
    }

    @Test
    void aFailingHandlerCutsAStreamedBody() throws IOException {
        int port = serve(exchange -> {
            exchange.response().stream().write("part".getBytes(StandardCharsets.UTF_8));
            exchange.response().stream().flush();
            throw new IllegalStateException("for the test");
        });
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.rest()).endsWith("4\r\npart\r\n");
        }
        int failing = serve(exchange -> {
            throw new IllegalStateException("for the test");
        });
        try (RawClient client = new RawClient(failing)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 500 ").endsWith("internal server error\n");
        }
    }

    @Test
    void sendsRangesOfFiles() throws IOException {
        Path file = directory.resolve("file");
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        Files.write(file, content);
        int port = serve(exchange -> {
            try (FileChannel channel = FileChannel.open(file)) {
                exchange.response().status(206).sendFile(channel, 1000, 2_000_000);
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).contains("206 Partial Content").contains("Content-Length: 2000000");
            byte[] body = client.socket.getInputStream().readNBytes(2_000_000);
            assertThat(body).isEqualTo(Arrays.copyOfRange(content, 1000, 2_001_000));
            client.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).contains("Content-Length: 2000000").endsWith("\r\n\r\n");
        }
    }

    @Test
    void aClientThatDoesNotReadBlocksTheWriter() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        int port = serve(exchange -> {
            byte[] block = new byte[65536];
            try {
                while (true) {
                    exchange.response().stream().write(block);
                    written.addAndGet(block.length);
                }
            } catch (IOException e) {
                outcome.complete(e);
                throw e;
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            client.until("\r\n\r\n");
            assertThat(client.socket.getInputStream().readNBytes(20_000_000)).hasSize(20_000_000);
            assertThat(written.get()).isLessThan(20_000_000L + 64_000_000L);
            assertThat(outcome).isNotDone();
        }
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void upgradeHandsOutTheRawConnectionWithEarlyBytesAndHalfClose() throws IOException {
        int port = serve(exchange -> {
            exchange.request().body().readAllBytes();
            Headers headers = new Headers().add("Connection", "Upgrade").add("Upgrade", "tcp");
            try (RawStream raw = exchange.upgrade(101, "UPGRADED", headers)) {
                String input = new String(raw.input().readAllBytes(), StandardCharsets.UTF_8);
                raw.output().write(("got " + input).getBytes(StandardCharsets.UTF_8));
                raw.shutdownOutput();
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send(
                    "POST /attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}early ");
            assertThat(client.until("\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
            client.send("late");
            client.socket.shutdownOutput();
            assertThat(client.rest()).isEqualTo("got early late");
        }
    }

    @Test
    void ourHalfCloseLeavesTheClientsSideOpen() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        int port = serve(exchange -> {
            RawStream raw =
                    exchange.upgrade(200, "OK", new Headers().add("Content-Type", "application/vnd.docker.raw-stream"));
            raw.output().write("bye".getBytes(StandardCharsets.UTF_8));
            raw.shutdownOutput();
            received.complete(new String(raw.input().readAllBytes(), StandardCharsets.UTF_8));
        });
        try (RawClient client = new RawClient(port)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.rest()).endsWith("\r\n\r\nbye");
            client.send("still here");
            client.socket.shutdownOutput();
            assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo("still here");
        }
    }

    @Test
    void aBlockedHandlerLearnsThatTheClientWentAway() throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        int port = serve(exchange -> {
            try (Exchange.Registration registration = exchange.interruptOnDisconnect()) {
                started.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                outcome.complete("interrupted, flag " + Thread.currentThread().isInterrupted());
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            awaitLatch(started);
        }
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("interrupted, flag false");
    }

    @Test
    void stopLetsRequestsEndAndThenInterrupts() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        int port = serve(exchange -> {
            started.countDown();
            awaitLatch(release);
            exchange.response().send("text/plain", "done");
        });
        try (RawClient client = new RawClient(port);
                RawClient idle = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            awaitLatch(started);
            Thread stopper = Thread.startVirtualThread(() -> servers.getFirst().stop(Duration.ofSeconds(30)));
            assertThat(idle.rest()).isEmpty();
            release.countDown();
            assertThat(client.rest()).contains("Connection: close").endsWith("done");
            assertThat(stopper.join(Duration.ofSeconds(30))).isTrue();
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void stopInterruptsWhatDoesNotEnd() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        int port = serve(exchange -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            awaitLatch(started);
            servers.getFirst().stop(Duration.ofMillis(1));
            assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void listensOnAUnixSocketAndKnowsThePeer() throws Exception {
        Path socket = directory.resolve("s.sock");
        HttpServer server = new HttpServer(
                exchange -> exchange.response()
                        .send(
                                "text/plain",
                                exchange.request().peer().getClass().getSimpleName() + " "
                                        + ((Peer.UnixPeer) exchange.request().peer()).pid()),
                ErrorRenderer.PLAIN);
        servers.add(server);
        server.listen(new Listener.Unix(socket, 0600, null));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            client.write(ByteBuffer.wrap(
                    "GET http://docker/_ping HTTP/1.1\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            client.shutdownOutput();
            InputStream in = Channels.newInputStream(client);
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("UnixPeer " + ProcessHandle.current().pid());
        }
        server.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void aPortInUseIsAClearError() throws IOException {
        int port = serve(HttpServerTest::echo);
        HttpServer second = new HttpServer(HttpServerTest::echo, ErrorRenderer.PLAIN);
        servers.add(second);
        assertThatThrownBy(() -> second.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", port), null)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("listen tcp 127.0.0.1:" + port + ": bind: address already in use");
    }
}
