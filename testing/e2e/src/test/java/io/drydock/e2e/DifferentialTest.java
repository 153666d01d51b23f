package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The original engine (20.10) and ours side by side: the same lines of shell, with Docker's client at API 1.41, must write the
 * same and end the same. The cases are lines of {@code differential.txt}; {@link Comparable41} takes away what must differ.
 * Some take long and run with {@code -Ddrydock.differential=all} only.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialTest {
    private static final String VERSION = "1.41";

    private final List<Side> sides = new ArrayList<>();

    /** An engine under comparison, with the images the cases use. */
    private static final class Side implements AutoCloseable {
        private final Engine engine;
        private final Path work;
        private final EngineCalls calls;

        Side(Path program) {
            engine = Engine.startIn(program, NetNamespace.create("diff"), true, List.of());
            work = engine.directory.resolve("work");
            calls = new EngineCalls(engine.socket(), VERSION);
            var rootfs = BusyboxImage.rootfs(engine.directory).toString();
            image(rootfs, "busybox", "CMD [\"/bin/sh\"]", "ENV PATH=/bin:/usr/bin");
            image(
                    rootfs,
                    "rich:1",
                    "ENTRYPOINT [\"/bin/echo\",\"E\"]",
                    "CMD [\"c1\",\"c2\"]",
                    "ENV PATH=/bin:/usr/bin",
                    "ENV A=1",
                    "USER guest",
                    "WORKDIR /w/x",
                    "VOLUME /vol",
                    "VOLUME /www",
                    "EXPOSE 80 443/udp",
                    "LABEL k=v",
                    "LABEL k2=v2");
            image(rootfs, "bare:1");
        }

        private void image(String rootfs, String name, String... changes) {
            var command = engine.original().command("import");
            for (var change : changes) {
                command = command.with("-c", change);
            }
            command.with(rootfs, name).run().ok();
        }

        Outcome run(String script) {
            try {
                Files.createDirectories(work);
                var docker = Programs.original("docker").toString();
                var result = Command.of("sh", "-c", "docker() { " + docker + " \"$@\"; }\n" + script)
                        .withVariable("DOCKER_HOST", engine.host())
                        .withVariable("DOCKER_API_VERSION", VERSION)
                        .withVariable("SOCK", engine.socket().toString())
                        .withVariable("HOME", work.toString())
                        .in(work)
                        .within(Duration.ofMinutes(2))
                        .run();
                var words = new Comparable41(engine.directory.toString());
                return new Outcome(result.exitCode(), words.of(result.out()), words.of(result.err()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                calls.removeEverything();
                Engine.deleteTree(work);
            }
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    /** How a case ended, and what it wrote. */
    private record Outcome(int exitCode, String out, String err) {
        String text() {
            return "exit code " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
        }
    }

    @BeforeAll
    void startBoth() {
        var both = List.of(Programs.original("dockerd"), Programs.ours("dockerd"));
        var starting = both.stream()
                .map(program -> CompletableFuture.supplyAsync(() -> new Side(program)))
                .toList();
        starting.forEach(side -> sides.add(side.join()));
    }

    @AfterAll
    void stopBoth() {
        sides.forEach(Side::close);
    }

    @TestFactory
    Stream<DynamicTest> behavesAsTheOriginal() throws IOException {
        return cases().map(line -> {
            int bar = line.indexOf(" | ");
            return DynamicTest.dynamicTest(line.substring(0, bar), () -> compare(line.substring(bar + 3)));
        });
    }

    private void compare(String script) {
        var original = CompletableFuture.supplyAsync(() -> sides.get(0).run(script));
        var ours = sides.get(1).run(script);

        assertThat(ours.text()).as(script).isEqualTo(original.join().text());
    }

    private static Stream<String> cases() throws IOException {
        try (InputStream in = DifferentialTest.class.getResourceAsStream("/differential.txt")) {
            var text = new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            boolean all = "all".equals(System.getProperty("drydock.differential"));
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && (all || !line.startsWith("~")))
                    .map(line -> line.startsWith("~") ? line.substring(1) : line);
        }
    }
}
