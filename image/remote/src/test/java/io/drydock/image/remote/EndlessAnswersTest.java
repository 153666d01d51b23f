package io.drydock.image.remote;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry whose answers do not end takes neither all memory nor for ever. */
@Timeout(120)
class EndlessAnswersTest {
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofVirtual().factory()));
        server.createContext("/", EndlessAnswersTest::endless);
        server.createContext("/v2/asks/", this::ask);
        server.createContext("/v2/circle/", EndlessAnswersTest::circle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Sends until the client has had enough. */
    private static void endless(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            var space = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                exchange.getResponseBody().write(space);
            }
        }
    }

    private void ask(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders()
                    .add("WWW-Authenticate", "Bearer realm=\"http://" + host() + "/token\",service=\"s\"");
            exchange.sendResponseHeaders(401, -1);
        }
    }

    /** A list whose next page is itself. */
    private static void circle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("Link", "<" + exchange.getRequestURI() + ">; rel=\"next\"");
            var page = "{\"tags\":[]}".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private RemoteRepository repository(String name) throws IOException {
        return new RemoteRepository(List.of(Endpoint.plain(host())), name, Credentials.ANONYMOUS);
    }

    @Test
    void aManifest() throws IOException {
        try (var repository = repository("box")) {
            assertThatThrownBy(() -> repository.manifest("v1")).hasMessageContaining("larger than 4 MiB");
        }
    }

    @Test
    void aToken() throws IOException {
        try (var repository = repository("asks")) {
            assertThatThrownBy(() -> repository.manifest("v1")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aList() throws IOException {
        try (var repository = repository("box")) {
            assertThatThrownBy(repository::tags).hasMessageContaining("larger than 32 MiB");
        }
    }

    @Test
    void aListThatLeadsToItself() throws IOException {
        try (var repository = repository("circle")) {
            assertThatThrownBy(repository::tags).hasMessageContaining("does not end");
        }
    }
}
