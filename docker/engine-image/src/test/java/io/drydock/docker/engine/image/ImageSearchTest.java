package io.drydock.docker.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.drydock.containerd.client.PullRequest;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.SearchResult;
import io.drydock.testkit.PlainFront;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searching on a registry with the search of the first version. */
class ImageSearchTest {
    private static final String FOUND = """
            {"num_results": 2, "query": "box", "results": [
              {"name": "box", "description": "all of it", "star_count": 40, "is_official": true, "is_automated": true},
              {"name": "me/box", "description": "mine", "star_count": 2, "is_official": false}]}
            """;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private PlainFront front;
    private volatile int status = 200;
    private ImageSearch search;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/search", exchange -> {
            asked.add(exchange.getRequestURI().getQuery() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = FOUND.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        front = new PlainFront(server.getAddress().getPort());
        search = new ImageSearch(
                () -> new RegistrySettings(Path.of("/nowhere"), List.of(), List.of(), PullRequest.Limits.NONE));
    }

    @AfterEach
    void stop() {
        front.close();
        server.stop(0);
    }

    private String term() {
        return "127.0.0.1:" + front.port() + "/box";
    }

    private List<String> names(Map<String, List<String>> filters) {
        return search.search(term(), 0, new Filters(filters), null).stream()
                .map(SearchResult::name)
                .toList();
    }

    @Test
    void asksTheRegistryOfTheTerm() {
        var login = new AuthConfig("user", "pass", null, null, null, null, null);

        assertThat(search.search(term(), 7, Filters.NONE, login))
                .containsExactly(
                        new SearchResult(40, true, "box", false, "all of it"),
                        new SearchResult(2, false, "me/box", false, "mine"));
        search.search(term(), 0, Filters.NONE, null);
        assertThat(asked).containsExactly("q=box&n=7 Basic dXNlcjpwYXNz", "q=box&n=25 null");
    }

    @Test
    void filters() {
        assertThat(names(Map.of("stars", List.of("3")))).containsExactly("box");
        assertThat(names(Map.of("is-official", List.of("false")))).containsExactly("me/box");
        assertThat(names(Map.of("is-automated", List.of("true")))).isEmpty();
        assertThatThrownBy(() -> names(Map.of("stars", List.of("many"))))
                .hasMessage("invalid filter 'stars=many': strconv.Atoi: parsing \"many\": invalid syntax");
        assertThatThrownBy(() -> names(Map.of("color", List.of("red")))).hasMessageContaining("invalid filter 'color'");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> search.search("http://x/y", 0, Filters.NONE, null))
                .hasMessage("invalid repository name: repository name (http://x/y) should not have a scheme");
        assertThatThrownBy(() -> search.search(term(), 101, Filters.NONE, null))
                .hasMessage("limit 101 is outside the range of [1, 100]");
        status = 418;
        assertThatThrownBy(() -> search.search(term(), 0, Filters.NONE, null)).hasMessageContaining("418");
        front.close();
        server.stop(0);
        assertThatThrownBy(() -> search.search(term(), 0, Filters.NONE, null))
                .hasMessageStartingWith("invalid registry endpoint https://127.0.0.1:");
    }
}
