package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.docker.cli.session.Streams;
import io.drydock.testkit.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Docker's client 28 and ours with the same words to the same engine: they must write the same (but for widths of columns with
 * times in them) and end the same.
 * The words are lines of {@code same-output.txt}. For the sake of time ours runs in this JVM, and the original's processes run
 * ahead of it: no line changes what another one shows. Lines that start containers take longer and run with
 * {@code -Ddrydock.differential=all} only.
 */
@ExtendWith(Stage.Extension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientsAgreeTest {
    private static final Pattern SLOW = Pattern.compile(
            "~.*|(run|create|exec|stats|start|stop|restart|system df|pull|push|search|container prune).*");
    private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{64}\\b|\\b[0-9a-f]{12}\\b");
    private static final Pattern AGO = Pattern.compile(
            "(\\d+|About an?|Less than a) (second|minute)s?( ago)?|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?");
    private static final Pattern BLANKS = Pattern.compile(" +");

    @TempDir
    Path home = Path.of("");

    private final Engine engine;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor();

    ClientsAgreeTest(Stage stage) {
        engine = stage.engine;
    }

    private record Outcome(int exitCode, String out, String err) {
        String text() {
            var text = "exit code " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
            text = ID.matcher(text).replaceAll("ID");
            text = AGO.matcher(text).replaceAll("TIME");
            return BLANKS.matcher(text).replaceAll(" ");
        }
    }

    @BeforeAll
    void start() {
        var docker = engine.original();
        docker.text("create", "--name", "rich", Stage.IMAGE);
        docker.text(
                "commit",
                "-c",
                "CMD [\"c1\"]",
                "-c",
                "LABEL k=v",
                "-c",
                "EXPOSE 80 443/udp",
                "-c",
                "VOLUME /vol",
                "rich",
                "rich:1");
        docker.text("rm", "rich");
        docker.text("volume", "create", "data");
        docker.text(
                "run",
                "-d",
                "--name",
                "web",
                "--network",
                "none",
                "--label",
                "k=v",
                "--label",
                "a=b",
                "-v",
                "data:/data",
                "busybox",
                "sleep",
                "100000");
        docker.text(
                "run",
                "--name",
                "done",
                "--network",
                "none",
                "busybox",
                "sh",
                "-c",
                "echo one; echo two; echo err >&2; echo x > /tmp/x");
    }

    @AfterAll
    void remove() {
        ahead.shutdownNow();
        var docker = engine.original();
        docker.text("rm", "-f", "web", "done");
        docker.text("volume", "rm", "data");
        docker.text("rmi", "rich:1");
    }

    @TestFactory
    List<DynamicTest> writesTheSame() throws IOException {
        boolean all = "all".equals(System.getProperty("drydock.differential"));
        String text;
        try (InputStream in = ClientsAgreeTest.class.getResourceAsStream("/same-output.txt")) {
            text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .filter(line -> all || !SLOW.matcher(line).matches())
                .map(ClientsAgreeTest::words)
                .map(words -> {
                    var expected = all ? null : ahead.submit(() -> original(words));
                    return DynamicTest.dynamicTest("docker " + String.join(" ", words), () -> {
                        var ours = ours(words);
                        var original = expected == null ? original(words) : expected.get();
                        assertThat(ours.text()).isEqualTo(original.text());
                    });
                })
                .toList();
    }

    private Map<String, String> environment() {
        return Map.of("HOME", home.toString(), "DOCKER_HOST", engine.host(), "PATH", System.getenv("PATH"));
    }

    private Outcome original(List<String> words) {
        var command = Command.of(Programs.original("docker").toString())
                .with(words.toArray(String[]::new))
                .in(home);
        for (var variable : environment().entrySet()) {
            command = command.withVariable(variable.getKey(), variable.getValue());
        }
        var result = command.withVariable("DOCKER_API_VERSION", null).run();
        return new Outcome(result.exitCode(), result.out(), result.err());
    }

    private Outcome ours(List<String> words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var streams = new Streams(
                InputStream.nullInputStream(),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                false,
                false,
                false);
        int status = new io.drydock.docker.cli.Docker(environment(), streams).run(words);
        streams.flush();
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Splits a line as a shell does: single quotes keep what is between them. */
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        StringBuilder word = null;
        boolean quoted = false;
        for (char c : line.substring(line.startsWith("~") ? 1 : 0).toCharArray()) {
            if (c == ' ' && !quoted) {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == '\'') {
                quoted = !quoted;
            } else {
                word.append(c);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
