package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker's client 28 and ours, typed at alike, show the same bytes at a terminal and end the same. */
@ExtendWith(Stage.Extension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientsAgreeAtTerminalTest {
    private static final int ROWS = 30;

    /** What an engine says during a pull, with all that a line can say. */
    private static final String PULL = """
            {"status":"Pulling from library/x","id":"latest"}
            {"status":"Pulling fs layer","progressDetail":{},"id":"aaaaaaaaaaaa"}
            {"status":"Waiting","progressDetail":{},"id":"bbbbbbbbbbbb"}
            {"status":"Downloading","progressDetail":{"current":1000,"total":300000},"id":"aaaaaaaaaaaa"}
            {"status":"Downloading","progressDetail":{"current":123456789,"total":1234567890},"id":"bbbbbbbbbbbb"}
            {"status":"Download complete","progressDetail":{},"id":"aaaaaaaaaaaa"}
            {"status":"Downloading","progressDetail":{"current":5000},"id":"bbbbbbbbbbbb"}
            {"status":"Extracting","progressDetail":{"current":5,"units":"s"},"id":"aaaaaaaaaaaa"}
            {"status":"Extracting","progressDetail":{"current":400000,"total":300000},"id":"bbbbbbbbbbbb"}
            {"status":"Pull complete","progressDetail":{},"id":"aaaaaaaaaaaa"}
            {"status":"Digest: sha256:00"}
            """;

    private static final String PUSH = """
            {"status":"The push refers to repository [docker.io/library/x]"}
            {"status":"Preparing","progressDetail":{},"id":"aaaaaaaaaaaa"}
            {"status":"Pushing","progressDetail":{"current":512,"total":3000},"id":"aaaaaaaaaaaa"}
            {"status":"Pushed","progressDetail":{},"id":"aaaaaaaaaaaa"}
            {"errorDetail":{"message":"it broke"},"error":"it broke"}
            """;

    private static final String LOAD = """
            {"status":"Loading layer","progressDetail":{"current":32768,"total":500000},"id":"ffffffffffff"}
            {"status":"Loading layer","progressDetail":{"current":500000,"total":500000},"id":"ffffffffffff"}
            {"stream":"Loaded image: x:latest\\n"}
            """;

    @TempDir
    Path home = Path.of("");

    private final Engine engine;

    ClientsAgreeAtTerminalTest(Stage stage) {
        engine = stage.engine;
    }

    @BeforeAll
    void start() {
        engine.original().text("run", "-d", "--name", "web", "--network", "none", Stage.IMAGE, "sleep", "100000");
    }

    @AfterAll
    void remove() {
        var left = engine.original().text("ps", "-aq");
        if (!left.isEmpty()) {
            engine.original().command("rm", "-f").with(left.split("\n")).run().ok();
        }
    }

    @TestFactory
    Stream<DynamicTest> showsTheSame() throws IOException {
        String text;
        try (var in = ClientsAgreeAtTerminalTest.class.getResourceAsStream("/same-at-terminal.txt")) {
            text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> DynamicTest.dynamicTest(line, () -> {
                    var parts = line.split(" \\| ");
                    var steps = new ArrayList<Dialogue.Step>();
                    for (int i = 1; i < parts.length; i++) {
                        var step = parts[i].split(" ?=> ", 2);
                        steps.add(new Dialogue.Step(step[0].translateEscapes(), step[1].translateEscapes()));
                    }
                    compare(engine.host(), new Dialogue(ROWS, 100, steps), parts[0].split(" "));
                }));
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void drawsTheSameProgress(int columns) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Api-Version", "1.47");
            exchange.getResponseHeaders().add("Ostype", "linux");
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            var path = exchange.getRequestURI().getPath();
            var answer = path.endsWith("/images/create")
                    ? PULL
                    : path.endsWith("/push") ? PUSH : path.endsWith("/images/load") ? LOAD : "{}";
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        server.start();
        try {
            var host = "tcp://127.0.0.1:" + server.getAddress().getPort();
            var dialogue = new Dialogue(ROWS, columns, List.of());
            compare(host, dialogue, "pull", "x");
            compare(host, dialogue, "push", "x");
            compare(host, dialogue, "load", "-i", Programs.original("busybox").toString());
        } finally {
            server.stop(0);
        }
    }

    private void compare(String host, Dialogue dialogue, String... words) {
        var both = Stream.of(Programs.original("docker"), Programs.ours("docker"))
                .map(program -> Command.of(program.toString())
                        .with(words)
                        .in(home)
                        .withVariable("HOME", home.toString())
                        .withVariable("DOCKER_HOST", host)
                        .withVariable("DOCKER_API_VERSION", null))
                .map(command -> CompletableFuture.supplyAsync(() -> dialogue.hold(command)))
                .toList();
        var original = both.getFirst().join();
        var ours = both.getLast().join();

        assertThat(ours).as(String.join(" ", words)).isEqualTo(original);
    }
}
