package io.drydock.docker.engine.container.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.docker.engine.log.ContainerLog;
import io.drydock.docker.engine.log.LogFormat;
import io.drydock.docker.engine.log.RotatedLog;
import io.drydock.docker.engine.log.Rotation;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStdioTest {
    private static final ProcessStdio.Wanted OUTPUT = new ProcessStdio.Wanted(false, false, true, true);

    @TempDir
    Path directory;

    private final Linux linux = Linux.system();
    private Poller poller;

    @BeforeEach
    void startPoller() throws LinuxException {
        poller = new Poller(linux, "test");
    }

    @AfterEach
    void stopPoller() {
        poller.close();
    }

    private Path logFile() {
        return directory.resolve("log");
    }

    private RotatedLog log() throws IOException {
        return RotatedLog.open(logFile(), new Rotation(-1, 1, false), LogFormat.JSON_LINES, java.util.Map.of());
    }

    private ProcessStdio open(ContainerLog log) throws IOException {
        return ProcessStdio.open(linux, poller, directory.resolve("fifos"), "init", OUTPUT, log);
    }

    private static FileChannel writer(String fifo) throws IOException {
        return FileChannel.open(Path.of(fifo), StandardOpenOption.WRITE);
    }

    private static void write(FileChannel channel, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private String logged() throws IOException {
        return Files.readString(logFile()).replaceAll(",\"time\":\"[^\"]*\"", "");
    }

    /** A client that remembers what it got. */
    private static final class Client implements OutputListener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<String> all = new CompletableFuture<>();

        @Override
        public synchronized void output(int stream, byte[] bytes, int length) {
            text.append(stream).append(':').append(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }

        @Override
        public synchronized void ended() {
            all.complete(text.toString());
        }
    }

    @Test
    void copiesToTheLogAndToClientsUntilTheLastWriterIsGone() throws Exception {
        var stdio = open(log());
        var client = new Client();
        stdio.attach(client);
        stdio.start();
        try (var out = writer(stdio.paths().stdout());
                var err = writer(stdio.paths().stderr())) {
            write(out, "one\ntwo");
            err.close();
        }
        stdio.finish(Duration.ofSeconds(30));

        assertThat(client.all.get(30, TimeUnit.SECONDS)).isEqualTo("1:one\ntwo");
        assertThat(logged()).isEqualTo("""
                {"log":"one\\n","stream":"stdout"}
                {"log":"two","stream":"stdout"}
                """);
        assertThat(directory.resolve("fifos")).doesNotExist();
    }

    @Test
    void doesNotWaitForAWriterThatStays() throws Exception {
        var stdio = open(log());
        stdio.start();
        try (var out = writer(stdio.paths().stdout())) {
            write(out, "last\n");
            stdio.finish(Duration.ZERO);
        }
        assertThat(logged()).isEqualTo("{\"log\":\"last\\n\",\"stream\":\"stdout\"}\n");
    }

    @Test
    void doesAgainWhatAKilledEngineHadBegun() throws Exception {
        var fifos = Files.createDirectories(directory.resolve("fifos"));
        Files.writeString(logFile(), "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n");
        long mark = Files.size(logFile());
        // the lines were written, a part of the second one only, when the engine was killed
        Files.writeString(
                logFile(),
                "{\"log\":\"b\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n{\"lo",
                StandardOpenOption.APPEND);
        Files.write(
                fifos.resolve("init-stdout.redo"),
                ByteBuffer.allocate(25)
                        .putLong(mark)
                        .putLong(20)
                        .put("old\nb\nc\nd".getBytes(StandardCharsets.UTF_8))
                        .array());
        // and of stderr there was an unfinished line that had not been logged
        Files.write(
                fifos.resolve("init-stderr.redo"),
                ByteBuffer.allocate(17).putLong(-1).putLong(16).put((byte) 'e').array());

        var stdio = open(log());
        stdio.start();
        try (var out = writer(stdio.paths().stdout());
                var err = writer(stdio.paths().stderr())) {
            write(out, "D\n");
            out.close();
            write(err, "E\n");
        }
        stdio.finish(Duration.ofSeconds(30));

        assertThat(logged().lines().toList())
                .contains(
                        "{\"log\":\"a\\n\",\"stream\":\"stdout\"}",
                        "{\"log\":\"b\\n\",\"stream\":\"stdout\"}",
                        "{\"log\":\"c\\n\",\"stream\":\"stdout\"}",
                        "{\"log\":\"dD\\n\",\"stream\":\"stdout\"}",
                        "{\"log\":\"eE\\n\",\"stream\":\"stderr\"}");
        assertThat(logged().lines().count()).isEqualTo(5);
    }

    @Test
    void aBusyStreamKeepsOnlyItsUnfinishedLineForLater() throws Exception {
        var stdio = open(log());
        stdio.start();
        var expected = new StringBuilder();
        try (var out = writer(stdio.paths().stdout());
                var unused = writer(stdio.paths().stderr())) {
            unused.close();
            for (int i = 0; i < 20_005; i++) {
                write(out, i % 7 == 0 ? i + "-" : i + " of many lines that are not very long\n");
                expected.append(
                        i % 7 == 0
                                ? "{\"log\":\"" + i + "-"
                                : (i % 7 == 1 ? "" : "{\"log\":\"") + i
                                        + " of many lines that are not very long\\n\",\"stream\":\"stdout\"}\n");
            }
            Await.until(
                    "what is left is small",
                    () -> Files.size(Path.of(stdio.paths().stdout() + ".redo")) <= 2 * 256 * 1024);
        }
        stdio.finish(Duration.ofSeconds(30));
        assertThat(logged()).isEqualTo(expected.toString());
    }

    @Test
    void forgetsAClientThatIsGone() throws Exception {
        var stdio = open(ContainerLog.NONE);
        var client = new Client();
        stdio.attach(new OutputListener() {
            @Override
            public void output(int stream, byte[] bytes, int length) throws IOException {
                throw new IOException("gone");
            }

            @Override
            public void ended() {}
        });
        stdio.attach(client);
        stdio.start();
        try (var out = writer(stdio.paths().stdout())) {
            write(out, "x");
        }
        stdio.finish(Duration.ZERO);
        assertThat(client.all.get(30, TimeUnit.SECONDS)).isEqualTo("1:x");
    }
}
