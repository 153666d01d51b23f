package io.drydock.docker.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.spec.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API over real connections, with backends that remember what they were asked. */
class EngineApiTest {
    private final FakeContainers containers = new FakeContainers();
    private final EventBus events = new EventBus(Clock.systemUTC());
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        var api = new EngineApi(
                "9.8.7",
                ApiVersion.MIN,
                List.of(
                        new SystemRoutes(new FakeSystem(), events),
                        new ContainerRoutes(containers),
                        new ContainerStreamRoutes(containers),
                        new UnbuiltRoutes()));
        server = new HttpServer(api, EngineApi.ERRORS);
        port = server.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", 0), null));
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void pingTellsTheVersion() throws Exception {
        var answer = send("GET", "/_ping", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(answer.headers().firstValue("Api-Version")).contains("1.55");
        assertThat(answer.headers().firstValue("Ostype")).contains("linux");
        assertThat(answer.headers().firstValue("Server")).contains("Docker/9.8.7 (linux)");
        assertThat(send("HEAD", "/v1.41/_ping", "").headers().firstValue("Content-Length"))
                .contains("0");
    }

    @Test
    void refusesVersionsItDoesNotSpeak() throws Exception {
        assertThat(send("GET", "/v1.23/containers/json", "").body()).isEqualTo("""
                {"message":"client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your \
                client to a newer version"}
                """);
        var tooNew = send("GET", "/v1.56/containers/json", "");
        assertThat(tooNew.statusCode()).isEqualTo(400);
        assertThat(tooNew.body()).contains("client version 1.56 is too new. Maximum supported API version is 1.55");
    }

    @Test
    void answersUnknownPathsAndMethodsAlike() throws Exception {
        assertThat(send("GET", "/v1.41/nowhere", "").statusCode()).isEqualTo(404);
        assertThat(send("PUT", "/containers/json", "").body()).isEqualTo("{\"message\":\"page not found\"}\n");
    }

    @Test
    void saysWhatIsNotBuilt() throws Exception {
        var answer = send("POST", "/v1.41/swarm/init", "{}");

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body()).isEqualTo("{\"message\":\"swarm mode is not built into this engine yet\"}\n");
    }

    @Test
    void refusesBodiesThatAreNoJson() throws Exception {
        assertThat(send("POST", "/containers/create", "{\"Image\": \"busy").statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "/containers/create", "{\"Image\": 5, \"Cmd\": 3}")
                        .statusCode())
                .isEqualTo(400);
        var nested = send("POST", "/containers/create", "{\"x\":" + "[".repeat(1_000_000));
        assertThat(nested.statusCode()).isEqualTo(400);
        assertThat(nested.body()).contains("exceeded max depth");
        var empty = send("POST", "/containers/create", "");
        assertThat(empty.body()).contains("config cannot be empty in order to create a container");
        assertThat(send("GET", "/containers/json?filters=nonsense", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void passesWhatTheClientAsksFor() throws Exception {
        var created = send("POST", "/v1.41/containers/create?name=x", "{\"Image\":\"box\",\"Cmd\":[\"a\"]}");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body()).isEqualTo("{\"Id\":\"made\",\"Warnings\":[]}\n");

        assertThat(send("POST", "/containers/x/stop?t=5&signal=INT", "").statusCode())
                .isEqualTo(204);
        send("DELETE", "/containers/a%2Fb?force=1&v=true", "");
        send("GET", "/containers/json?all=1&filters=%7B%22name%22%3A%7B%22n%22%3Atrue%7D%7D", "");
        assertThat(containers.calls)
                .containsExactly("create x box [a]", "stop x INT 5", "remove a/b true true", "list true {name=[n]}");
    }

    @Test
    void mapsFailuresToStatusCodes() throws Exception {
        containers.failure = EngineException.notModified("is started");
        assertThat(send("POST", "/containers/x/start", "").statusCode()).isEqualTo(304);
        containers.failure = EngineException.conflict("<taken>");
        var conflict = send("POST", "/containers/x/start", "");
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.body()).isEqualTo("{\"message\":\"<taken>\"}\n");
        containers.failure = EngineException.system("broken", null);
        assertThat(send("POST", "/containers/x/start", "").statusCode()).isEqualTo(500);
    }

    @Test
    void framesLogs() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + port + "/v1.42/containers/x/logs?stdout=1&stderr=1&timestamps=1"))
                .timeout(Duration.ofSeconds(30))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.docker.multiplexed-stream");
        assertThat(answer.body()).startsWith(1, 0, 0, 0, 0, 0, 0, 35);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("2024-05-06T07:08:09.000000001Z out\n");
        assertThat(send("GET", "/containers/x/logs", "").body())
                .contains("Bad parameters: you must choose at least one stream");
    }

    @Test
    void hijacksForAttachAndKeepsTheOutputAfterTheInputsEnd() throws Exception {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            var out = socket.getOutputStream();
            out.write(("POST /v1.42/containers/x/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: d\r\n"
                            + "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\nhello")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.shutdownOutput();
            String text = new String(readAll(socket.getInputStream()), StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .startsWith("HTTP/1.1 101 UPGRADED\r\n"
                            + "Content-Type: application/vnd.docker.multiplexed-stream\r\n"
                            + "Connection: Upgrade\r\nUpgrade: tcp\r\n");
            assertThat(text).endsWith("\r\n\r\n\1\0\0\0\0\0\0\5HELLO");
        }
    }

    private static byte[] readAll(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        return bytes.toByteArray();
    }

    @Test
    void replaysEventsAndFiltersThem() throws Exception {
        events.publish("container", "start", "abc", Map.of("name", "web", "image", "box"));
        events.publish("image", "tag", "sha256:1", Map.of("name", "box"));
        long until = System.currentTimeMillis() / 1000 + 1;

        var all = send("GET", "/v1.41/events?since=1&until=" + until, "").body();
        assertThat(all.lines().toList()).hasSize(2);
        assertThat(all.lines().findFirst().orElseThrow())
                .startsWith(
                        "{\"status\":\"start\",\"id\":\"abc\",\"from\":\"box\",\"Type\":\"container\",\"Action\":\"start\"");
        var some = send(
                        "GET",
                        "/v1.52/events?since=1&until=" + until + "&filters=%7B%22container%22%3A%5B%22web%22%5D%7D",
                        "")
                .body();
        assertThat(some.lines().toList()).hasSize(1);
        assertThat(some).startsWith("{\"Type\":\"container\"");
    }
}
