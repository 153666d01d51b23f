package io.drydock.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not HTTP gets a clear answer, never a hang and never a second meaning. */
@Timeout(120)
class BadRequestTest {
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = new HttpServer(
                exchange -> exchange.response()
                        .send("text/plain", exchange.request().body().readAllBytes()),
                (status, message) -> new ErrorRenderer.Body(
                        "application/json", ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8)));
        port = server.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", 0), null));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET~                                                                                    | 400
            GET / HTTP/1.1 x~~                                                                      | 400
            GET /  HTTP/1.1~Host: x~~                                                               | 400
            G(T / HTTP/1.1~Host: x~~                                                                | 400
            GET x HTTP/1.1~Host: x~~                                                                | 400
            GET / HTTP/2.0~Host: x~~                                                                | 505
            GET / FTP/1.1~Host: x~~                                                                 | 400
            GET / HTTP/1.1~~                                                                        | 400
            GET / HTTP/1.1~Host: x~Host: y~~                                                        | 400
            GET / HTTP/1.1~Host : x~~                                                               | 400
            GET / HTTP/1.1~Host: x~ folded~~                                                        | 400
            POST / HTTP/1.1~Host: x~Content-Length: +1~~a                                           | 400
            POST / HTTP/1.1~Host: x~Content-Length: 1~Content-Length: 2~~ab                         | 400
            POST / HTTP/1.1~Host: x~Content-Length: 1~Transfer-Encoding: chunked~~1~a~0~~           | 400
            POST / HTTP/1.1~Host: x~Transfer-Encoding: gzip, chunked~~                              | 501
            POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~zz~                                 | 400
            POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~1~ab~0~~                            | 400
            POST / HTTP/1.0~Transfer-Encoding: chunked~~0~~                                         | 400
            """)
    void malformedRequests(String request, int status) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send(request.replace("~", "\r\n"));
            client.socket.shutdownOutput();
            assertThat(client.rest()).startsWith("HTTP/1.1 " + status + " ").contains("{\"message\":\"");
        }
    }

    @Test
    void tooLongLinesAndHeaders() throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 414 ");
        }
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(1_100_000) + "\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void aBodyCutShortEndsTheConnection() throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfour");
            client.socket.shutdownOutput();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void randomBytesNeverStopTheServer() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            try (RawClient client = new RawClient(port)) {
                client.socket.getOutputStream().write(noise);
            }
        }
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 200 OK");
        }
    }
}
