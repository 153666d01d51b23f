package io.drydock.docker.dockerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.api.EngineApi;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.http.Exchange;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.testkit.FakePlugin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API with a plugin that decides, over real connections. */
class AuthorizedApiTest {
    private static final String YES = "{\"Allow\":true}";

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> reached = new ArrayList<>();
    private volatile List<String> names = List.of("judge");
    private Path directory;
    private FakePlugin judge;
    private Plugins plugins;
    private HttpServer server;
    private int port;

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "az-");
        judge = FakePlugin.open(directory.resolve("judge.sock"), "authz");
        judge.answer("AuthZPlugin.AuthZReq", YES).answer("AuthZPlugin.AuthZRes", YES);
        plugins = new Plugins(directory, List.of(), Duration.ZERO);
        server = new HttpServer(new AuthorizedApi(this::answer, plugins, () -> names), EngineApi.ERRORS);
        port = server.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", 0), null));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        client.close();
        judge.close();
        Files.delete(directory);
    }

    /** Says the body back: at once, or in pieces. */
    private void answer(Exchange exchange) throws IOException {
        byte[] body = exchange.request().body().readAllBytes();
        reached.add(exchange.request().method() + " " + new String(body, StandardCharsets.UTF_8));
        exchange.response().header("Content-Type", "application/json");
        switch (exchange.request().path()) {
            case "/whole" -> exchange.response().send(body);
            case "/pieces" -> exchange.response().stream().write(body);
            default -> exchange.response().status(404).send(body);
        }
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .header("X-Registry-Auth", "secret")
                .header("x-mine", "shown")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void thePluginSeesRequestAndAnswer() throws Exception {
        assertThat(post("/whole?a=b", "{\"x\":1}").body()).isEqualTo("{\"x\":1}");

        String encoded = Base64.getEncoder().encodeToString("{\"x\":1}".getBytes(StandardCharsets.UTF_8));
        assertThat(judge.calls().get(1))
                .startsWith("AuthZPlugin.AuthZReq ")
                .contains(
                        "\"RequestMethod\":\"POST\"",
                        "\"RequestUri\":\"/whole?a=b\"",
                        "\"RequestBody\":\"" + encoded + "\"",
                        "\"X-Mine\":\"shown\"")
                .doesNotContain("secret", "Response");
        assertThat(judge.calls().get(2))
                .startsWith("AuthZPlugin.AuthZRes ")
                .contains("\"ResponseStatusCode\":200", "\"ResponseBody\":\"" + encoded + "\"");
        assertThat(reached).containsExactly("POST {\"x\":1}");
    }

    @Test
    void aRequestThatIsDeniedReachesNobody() throws Exception {
        judge.answer("AuthZPlugin.AuthZReq", "{\"Allow\":false,\"Msg\":\"not on Sundays\"}");

        var answer = post("/whole", "{}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"message\":\"authorization denied by plugin judge: not on Sundays\"}\n");
        assertThat(reached).isEmpty();
    }

    @Test
    void anAnswerThatIsDeniedReachesNoClient() throws Exception {
        judge.answer("AuthZPlugin.AuthZRes", "{\"Allow\":false,\"Msg\":\"secret\"}");

        for (String path : List.of("/whole", "/pieces")) {
            var answer = post(path, "{\"x\":1}");
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("{\"message\":\"authorization denied by plugin judge: secret\"}\n");
        }
        assertThat(post("/wrong", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void withoutAnAnswerOfThePluginThereIsNone() throws Exception {
        judge.answer("AuthZPlugin.AuthZReq", "500 {\"Err\":\"confused\"}");

        var answer = post("/whole", "{}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .isEqualTo("{\"message\":\"plugin judge failed with error: AuthZPlugin.AuthZReq: confused\"}\n");
    }

    @Test
    void passwordsAndLargeBodiesAreNotShown() throws Exception {
        post("/auth", "{\"password\":\"x\"}");
        assertThat(judge.calls().get(1)).doesNotContain("RequestBody");

        var answer = post("/whole", " ".repeat((4 << 20) + 1));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("request body too large for authorization plugin");
    }

    @Test
    void pluginsAreCheckedAtTheStartAndMayChange() throws Exception {
        AuthorizedApi.check(plugins, List.of("judge"));
        assertThatThrownBy(() -> AuthorizedApi.check(plugins, List.of("judge", "nobody")))
                .hasMessage("Error validating authorization plugin: plugin \"nobody\" not found");

        names = List.of();
        judge.answer("AuthZPlugin.AuthZReq", "{}");
        assertThat(post("/whole", "{}").statusCode()).isEqualTo(200);
    }
}
