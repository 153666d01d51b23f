package io.drydock.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credentials tried on registries of every kind. */
class LoginTest {
    private static final String PASSWORD = "Basic dXNlcjpwYXNz";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile String challenge = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (exchange.getRequestURI().getPath().equals("/token")) {
                asked.add(exchange.getRequestURI().getQuery());
                boolean right = PASSWORD.equals(authorization);
                answer(
                        exchange,
                        right ? 200 : 401,
                        right ? "{\"token\":\"sesame\",\"refresh_token\":\"again\"}" : "{}");
            } else if (challenge.isEmpty()
                    || PASSWORD.equals(authorization) && challenge.startsWith("Basic")
                    || "Bearer sesame".equals(authorization)) {
                answer(exchange, 200, "{}");
            } else {
                exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
                answer(exchange, 401, "{}");
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private String login(String password) throws IOException {
        return Login.check(Endpoint.plain(host()), new Credentials.UserPassword("user", password));
    }

    @Test
    void aRegistryThatAsksForNothingTakesEverybody() throws IOException {
        assertThat(login("anything")).isEmpty();
    }

    @Test
    void aPasswordIsTriedOnTheRegistry() throws IOException {
        challenge = "Basic realm=\"x\"";
        assertThat(login("pass")).isEmpty();
        assertThatThrownBy(() -> login("wrong"))
                .hasMessage("login attempt to http://" + host() + "/v2/ failed with status: 401 Unauthorized")
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.UNAUTHORIZED));
    }

    @Test
    void aTokenServerGivesAnIdentityToken() throws IOException {
        challenge = "Bearer realm=\"http://" + host() + "/token\",service=\"reg\"";
        assertThat(login("pass")).isEqualTo("again");
        assertThat(asked.getFirst())
                .contains("account=user", "offline_token=true", "service=reg")
                .doesNotContain("scope=");
        assertThatThrownBy(() -> login("wrong"))
                .hasMessage("Get \"http://" + host() + "/v2/\": unauthorized: incorrect username or password");
    }

    @Test
    void aRegistryThatIsNotThereIsNamed() {
        var host = host();
        server.stop(0);
        assertThatThrownBy(() -> login("pass")).hasMessageStartingWith("Get \"http://" + host + "/v2/\": dial ");
    }
}
