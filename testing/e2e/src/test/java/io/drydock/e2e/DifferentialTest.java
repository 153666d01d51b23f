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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
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
 *
 * <p>Nobody waits for the other: the originals, two because they are the slower ones, and ours go through the cases at their
 * own pace, and a case is over when both have run it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialTest {
    private static final String VERSION = "1.41";

    /** The originals, and ours. */
    private final List<Crew> crews = new ArrayList<>();

    /** Engines of one program that take cases as they become free. */
    private static final class Crew implements AutoCloseable {
        private final List<Side> sides;
        private final BlockingQueue<Side> idle = new LinkedBlockingQueue<>();
        private final ExecutorService cases;

        Crew(Path program, int size) {
            var starting = Stream.generate(() -> CompletableFuture.supplyAsync(() -> new Side(program)))
                    .limit(size)
                    .toList();
            sides = starting.stream().map(CompletableFuture::join).toList();
            idle.addAll(sides);
            cases = Executors.newFixedThreadPool(size);
        }

        Future<Outcome> later(String script) {
            return cases.submit(() -> {
                var side = idle.take();
                try {
                    return side.run(script);
                } finally {
                    idle.add(side);
                }
            });
        }

        @Override
        public void close() {
            cases.shutdownNow();
            sides.forEach(Side::close);
        }
    }

    /** An engine under comparison, with the images the cases use. */
    private static final class Side implements AutoCloseable {
        private final Engine engine;
        private final Path work;
        private final EngineCalls calls;
        private final Comparable41 words;

        Side(Path program) {
            engine = Engine.startIn(program, NetNamespace.create("diff"), true, List.of());
            work = engine.directory.resolve("work");
            calls = new EngineCalls(engine.socket(), VERSION);
            words = new Comparable41(engine.directory.toString());
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
                        // it is over before a second thread could help
                        .withVariable("GOMAXPROCS", "1")
                        .in(work)
                        .within(Duration.ofMinutes(2))
                        .run();
                return new Outcome(result.exitCode(), words.of(result.out()), words.of(result.err()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                calls.removeEverything();
                deleteWork();
            }
        }

        /** Not by a program: one for every case would take long. */
        private void deleteWork() {
            try (var paths = Files.walk(work)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
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
    void start() {
        var originals = CompletableFuture.supplyAsync(() -> new Crew(Programs.original("dockerd"), 2));
        var ours = CompletableFuture.supplyAsync(() -> new Crew(Programs.ours("dockerd"), 1));
        List.of(originals, ours).forEach(crew -> crews.add(crew.join()));
    }

    @AfterAll
    void stop() {
        crews.forEach(Crew::close);
    }

    @TestFactory
    List<DynamicTest> behavesAsTheOriginal() throws IOException {
        return cases().map(line -> {
                    int bar = line.indexOf(" | ");
                    var script = line.substring(bar + 3);
                    var expected = crews.getFirst().later(script);
                    var actual = crews.getLast().later(script);
                    return DynamicTest.dynamicTest(
                            line.substring(0, bar),
                            () -> assertThat(actual.get().text())
                                    .as(script)
                                    .isEqualTo(expected.get().text()));
                })
                .toList();
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
