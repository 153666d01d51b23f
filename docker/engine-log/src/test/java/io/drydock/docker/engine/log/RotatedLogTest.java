package io.drydock.docker.engine.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.LogQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedLogTest {
    private static final Instant TIME = Instant.parse("2024-05-06T07:08:09.120300400Z");
    private static final LogQuery ALL = new LogQuery(true, true, false, null, null, -1);

    @TempDir
    Path directory;

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = directory.resolve("x-json.log");
    }

    private RotatedLog open(long maxSize, int maxFile, boolean compress) throws IOException {
        return RotatedLog.open(path, new Rotation(maxSize, maxFile, compress), LogFormat.JSON_LINES, Map.of());
    }

    private static void line(ContainerLog log, int stream, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        log.append(stream, bytes, 0, bytes.length, false, TIME);
    }

    private List<String> read(LogQuery query, @Nullable RotatedLog live) throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        new RotatedLogReader(
                        path,
                        LogFormat.JSON_LINES,
                        live,
                        query,
                        m -> lines.add(m.stream() + " " + new String(m.line(), UTF_8)))
                .run();
        return lines;
    }

    @Test
    void writesTheOriginalsFormat() throws Exception {
        try (var log = open(-1, 1, false)) {
            line(log, 1, "a \"b\" <c> \t & \\ é\u2028");
            byte[] bad = "x\377y".getBytes(ISO_8859_1);
            log.append(2, bad, 0, bad.length, true, Instant.ofEpochSecond(0));
        }
        assertThat(Files.readString(path)).isEqualTo("""
                {"log":"a \\"b\\" \\u003cc\\u003e \\u0009 \\u0026 \\\\ é\\u2028\\n","stream":"stdout",\
                "time":"2024-05-06T07:08:09.1203004Z"}
                {"log":"x\\ufffdy","stream":"stderr","time":"1970-01-01T00:00:00Z"}
                """);
        assertThat(read(ALL, null)).containsExactly("1 a \"b\" <c> \t & \\ é\u2028\n", "2 x\ufffdy");
    }

    @Test
    void splitsLinesAcrossWritesAndCutsLongOnes() throws Exception {
        try (var log = open(-1, 1, false)) {
            var splitter = new LineSplitter(1, log);
            splitter.write("one\ntw".getBytes(UTF_8), 6, TIME);
            assertThat(splitter.carry()).isEqualTo("tw".getBytes(UTF_8));
            splitter.write("o\n".getBytes(UTF_8), 2, TIME);
            byte[] big = "z".repeat(LineSplitter.LIMIT + 5).getBytes(UTF_8);
            splitter.write(big, big.length, TIME);
            splitter.finish(TIME);
        }
        var lines = read(ALL, null);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).isEqualTo("1 two\n");
        assertThat(lines.get(2)).hasSize(LineSplitter.LIMIT + 2);
        assertThat(lines.get(3)).isEqualTo("1 zzzzz");
    }

    @Test
    void rollsBackToTheMark() throws Exception {
        try (var log = open(-1, 1, false)) {
            line(log, 1, "kept");
            log.commit();
            long mark = log.mark();
            line(log, 1, "undone");
            log.commit();
            log.rollback(mark);
            line(log, 1, "redone");
        }
        assertThat(read(ALL, null)).containsExactly("1 kept\n", "1 redone\n");
    }

    @Test
    void rotatesAndReadsAllFilesInOrder() throws Exception {
        for (boolean compress : new boolean[] {false, true}) {
            try (var log = open(200, 3, compress)) {
                for (int i = 0; i < 10; i++) {
                    log.mark();
                    line(log, 1, "line " + i);
                    log.commit();
                }
            }
            var lines = read(ALL, null);
            assertThat(lines.getLast()).isEqualTo("1 line 9\n");
            assertThat(lines).hasSizeBetween(5, 9).isSorted();
            try (var files = Files.list(directory)) {
                assertThat(files).hasSize(3);
            }
            assertThat(read(new LogQuery(true, true, false, null, null, 4), null))
                    .containsExactly("1 line 6\n", "1 line 7\n", "1 line 8\n", "1 line 9\n");
            Files.delete(path);
            for (String end : new String[] {".1", ".2", ".1.gz", ".2.gz"}) {
                Files.deleteIfExists(directory.resolve("x-json.log" + end));
            }
        }
    }

    @Test
    void selectsByStreamTimeAndTail() throws Exception {
        try (var log = open(-1, 1, false)) {
            for (int i = 0; i < 6; i++) {
                byte[] text = Integer.toString(i).getBytes(UTF_8);
                log.append(1 + i % 2, text, 0, 1, false, TIME.plusSeconds(i));
            }
        }
        assertThat(read(new LogQuery(false, true, false, null, null, 2), null)).containsExactly("2 3\n", "2 5\n");
        assertThat(read(new LogQuery(true, true, false, TIME.plusSeconds(4), null, -1), null))
                .containsExactly("1 4\n", "2 5\n");
        assertThat(read(new LogQuery(true, true, false, null, TIME.plusSeconds(1), -1), null))
                .containsExactly("1 0\n", "2 1\n");
        assertThat(read(new LogQuery(true, true, false, null, null, 0), null)).isEmpty();
    }

    @Test
    void followsThroughRotationUntilTheEnd() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        var first = new CountDownLatch(1);
        Thread follower;
        try (var log = open(150, 2, false)) {
            line(log, 1, "before");
            log.commit();
            follower = Thread.ofVirtual().start(() -> {
                try {
                    log.reader(new LogQuery(true, true, true, null, null, -1), m -> {
                                seen.add(new String(m.line(), UTF_8).strip());
                                first.countDown();
                            })
                            .run();
                } catch (IOException | InterruptedException e) {
                    seen.add(e.toString());
                }
            });
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 3; i++) {
                log.mark();
                line(log, 1, "after " + i);
                log.commit();
            }
        }
        assertThat(follower.join(java.time.Duration.ofSeconds(30))).isTrue();
        assertThat(seen).startsWith("before").endsWith("after 2");
    }

    @Test
    void refusesOptionsItDoesNotKnow() {
        assertThat(Rotation.parse(Map.of("max-size", "10m", "max-file", "3"), "", Rotation.NONE))
                .isEqualTo(new Rotation(10_000_000, 3, false));
        assertThatThrownBy(() -> LogDriver.check("json-file", Map.of("colour", "red")))
                .isInstanceOf(EngineException.class)
                .hasMessage("unknown log opt 'colour' for json-file log driver");
        assertThatThrownBy(() -> Rotation.parse(Map.of("max-file", "3"), "", Rotation.NONE))
                .hasMessage("max-file cannot be set without max-size");
    }
}
