package io.drydock.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 without TLS, as curl speaks it, on a port that speaks HTTP/1.1, too. */
@Timeout(120)
class Http2Test {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private HttpServer server;
    private String address;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        Files.writeString(directory.resolve("file"), "0123456789".repeat(300_000));
        var router = new Router()
                .on(
                        "GET",
                        "/host",
                        exchange -> exchange.response()
                                .header("Connection", "keep-alive")
                                .send("text/plain", exchange.request().header("Host") + "\n"))
                .on("POST", "/count", exchange -> {
                    long length = exchange.request().contentLength();
                    long count = exchange.request().body().transferTo(java.io.OutputStream.nullOutputStream());
                    exchange.response().send("text/plain", length + " " + count);
                })
                .on(
                        "POST",
                        "/unread",
                        exchange -> exchange.response().status(403).send(new byte[0]))
                .on("GET", "/stream", exchange -> {
                    var out = exchange.response().stream();
                    for (int i = 0; i < 100_000; i++) {
                        out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                })
                .on("GET", "/file", exchange -> {
                    try (FileChannel file = FileChannel.open(directory.resolve("file"))) {
                        exchange.response().sendFile(file, 1, 2_999_998);
                    }
                })
                .on("GET", "/taken", exchange -> exchange.upgrade(101, "UPGRADED", new Headers()))
                .on("GET", "/broken", exchange -> {
                    throw new IllegalStateException("broken");
                })
                .on("GET", "/wait", exchange -> {
                    try (var gone = exchange.onDisconnect(left::countDown)) {
                        entered.countDown();
                        assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
                        exchange.response().send("text/plain", "done");
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        server = new HttpServer(router, ErrorRenderer.PLAIN).speakHttp2(true, true);
        address = "http://127.0.0.1:" + server.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", 0), null));
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.close();
    }

    private Command curl(String... words) {
        return Command.of("/usr/bin/curl", "-sS", "--http2-prior-knowledge", "--max-time", "60")
                .with(words);
    }

    /** The answer behind its version and status. */
    private String get(String path, String... words) {
        return curl(words)
                .with("-w", " %{http_version} %{http_code}", address + path)
                .run()
                .ok()
                .out();
    }

    @Test
    void answersInBothVersions() {
        assertThat(get("/host")).isEqualTo(address.substring(7) + "\n 2 200");
        assertThat(Command.of("/usr/bin/curl", "-sS", "-w", "%{http_version}", address + "/host")
                        .run()
                        .ok()
                        .out())
                .endsWith("\n1.1");
        assertThat(get("/nothing")).isEqualTo("page not found\n 2 404");
        assertThat(get("/broken")).isEqualTo("internal server error\n 2 500");
        assertThat(get("/taken")).endsWith(" 2 400");
        assertThat(get("/host", "-I"))
                .contains("content-length: 16")
                .doesNotContain("connection")
                .endsWith(" 2 200");
        assertThat(get("/host", "-H", "X-Long: " + "x".repeat(50_000))).endsWith(" 2 200");
    }

    @Test
    void bodiesComeAndGo() throws IOException {
        var file = directory.resolve("file").toString();
        assertThat(get("/count", "-T", file, "-X", "POST")).isEqualTo("3000000 3000000 2 200");
        assertThat(curl("-T", "-", "-X", "POST", address + "/count")
                        .withInput("of a length that nobody knows")
                        .run()
                        .ok()
                        .out())
                .isEqualTo("-1 29");
        assertThat(get("/unread", "-d", "x".repeat(100_000))).endsWith(" 2 403");
        assertThat(get("/stream")).startsWith("0\n1\n2\n").endsWith("\n99999\n 2 200");
        assertThat(get("/file")).isEqualTo(Files.readString(Path.of(file)).substring(1, 2_999_999) + " 2 200");
    }

    @Test
    void whoGoesAwayIsNoticedAndWhoIsServedMayFinish() throws Exception {
        var gone = curl(address + "/wait").builder().start();
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        gone.destroyForcibly().waitFor();
        assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();

        released.countDown();
        assertThat(get("/wait")).isEqualTo("done 2 200");
        server.stop(Duration.ofSeconds(30));
        assertThat(server.connectionCount()).isZero();
        assertThat(curl(address + "/host").run().exitCode()).isNotZero();
    }
}
