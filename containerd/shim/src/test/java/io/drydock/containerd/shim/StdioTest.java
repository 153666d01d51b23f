package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.linux.PolledInputStream;
import io.drydock.linux.PolledOutputStream;
import io.drydock.linux.Poller;
import io.drydock.linux.TerminalCalls.Pty;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.Exit;
import io.drydock.runc.runtime.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stdio with real FIFOs and terminals; the test plays the client and the process. */
@Timeout(60)
class StdioTest {
    private static final StdioOwner OWNER = new StdioOwner("ns", "c1", 0, 0);

    @TempDir
    Path dir;

    private final Linux linux = Linux.system();
    private Poller poller;
    private String stdin;
    private String stdout;
    private String stderr;

    @BeforeEach
    void makeFifos() throws IOException {
        poller = new Poller(linux, "test-poller");
        stdin = fifo("stdin");
        stdout = fifo("stdout");
        stderr = fifo("stderr");
    }

    @AfterEach
    void close() {
        poller.close();
    }

    private String fifo(String name) throws IOException {
        String path = dir.resolve(name).toString();
        linux.files().mkfifo(path, 0600);
        return path;
    }

    private Fd openReader(String path) throws IOException {
        return linux.files().open(path, O.RDONLY | O.NONBLOCK);
    }

    private static ByteBuffer bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Test
    void theProcessGetsTheFifosAndTheReaderSeesItsEnd() throws IOException {
        try (InputStream client = new PolledInputStream(linux, poller, openReader(stdout), 4096);
                DirectStdio stdio = DirectStdio.open(linux, poller, new StdioPaths("", stdout, stderr, false), OWNER)) {
            Stdio.Descriptors given = (Stdio.Descriptors) stdio.forRuntime();
            assertThat(given.stdin()).isNull();
            assertThat(given.held()).hasSize(2);
            try (Fd process = linux.pipes().duplicate(Objects.requireNonNull(given.stdout()))) {
                stdio.begin(new FakeRuntime.FakeProcess(0, given));
                linux.files().writeFully(process, bytes("hello"));
            }
            assertThat(client.readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void stdinEndsWhenTheClientAndTheShimClosedIt() throws Exception {
        try (DirectStdio stdio = DirectStdio.open(linux, poller, new StdioPaths(stdin, "", "", false), OWNER)) {
            Stdio.Descriptors given = (Stdio.Descriptors) stdio.forRuntime();
            Fd process = linux.pipes().duplicate(Objects.requireNonNull(given.stdin()));
            stdio.begin(new FakeRuntime.FakeProcess(0, given));
            try (OutputStream client =
                    new PolledOutputStream(linux, poller, linux.files().open(stdin, O.WRONLY | O.NONBLOCK))) {
                client.write("input".getBytes(StandardCharsets.UTF_8));
            }
            try (InputStream in = new PolledInputStream(linux, poller, process, 4096)) {
                assertThat(in.readNBytes(5)).asString().isEqualTo("input");
                CompletableFuture<Integer> end = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> {
                    try {
                        end.complete(in.read());
                    } catch (IOException e) {
                        end.completeExceptionally(e);
                    }
                });
                stdio.closeStdin();
                assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
            }
        }
    }

    @Test
    void outputGoesToAFile() throws IOException {
        Path log = dir.resolve("logs/out");
        try (DirectStdio stdio =
                DirectStdio.open(linux, poller, new StdioPaths("", "file://" + log, "", false), OWNER)) {
            Stdio.Descriptors given = (Stdio.Descriptors) stdio.forRuntime();
            linux.files().writeFully(Objects.requireNonNull(given.stdout()), bytes("line\n"));
        }
        assertThat(log).hasContent("line\n");
        assertThat(Files.exists(dir.resolve("logs"))).isTrue();
    }

    private String logger(String script) throws IOException {
        Path program = dir.resolve("logger");
        Files.writeString(program, "#!/bin/sh\nexec >" + dir.resolve("log") + "\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program.toString();
    }

    @Test
    void outputGoesToAProgramThatLogs() throws IOException {
        String uri = "binary://"
                + logger("echo $CONTAINER_NAMESPACE/$CONTAINER_ID $*; exec 5>&-; cat <&3; cat <&4; echo end")
                + "?tag=a%20b&plain";
        DirectStdio stdio = DirectStdio.open(linux, poller, new StdioPaths("", uri, uri, false), OWNER);
        Stdio.Descriptors given = (Stdio.Descriptors) stdio.forRuntime();
        linux.files().writeFully(Objects.requireNonNull(given.stdout()), bytes("out\n"));
        linux.files().writeFully(Objects.requireNonNull(given.stderr()), bytes("err\n"));
        stdio.begin(new FakeRuntime.FakeProcess(0, given));
        stdio.drain();
        assertThat(dir.resolve("log")).hasContent("ns/c1 tag a b plain\nout\nerr\nend\n");
        stdio.close();
    }

    @Test
    void aLoggerThatHangsIsAskedToEnd() throws IOException {
        String uri = "binary-v2://"
                + logger("trap 'echo asked; exit' TERM; echo >&5; exec 5>&-; while :; do sleep 0.05; done");
        DirectStdio stdio = DirectStdio.open(linux, poller, new StdioPaths("", uri, "", false), OWNER);
        stdio.close();
        assertThat(dir.resolve("log")).hasContent("asked\n");
    }

    @Test
    void aLoggerOfVersionTwoSaysThatItIsReady() throws IOException {
        String uri = "binary-v2://" + logger("exit 0");
        assertThatThrownBy(() -> DirectStdio.open(linux, poller, new StdioPaths("", uri, "", false), OWNER))
                .hasMessage("the logging binary ended before it was ready");
        assertThatThrownBy(
                        () -> DirectStdio.open(linux, poller, new StdioPaths("", "binary:///none", "", false), OWNER))
                .hasMessageContaining("/none");
    }

    @Test
    void theContainersUserOwnsTheFifos() throws IOException {
        if (linux.processes().geteuid() != 0) {
            return;
        }
        try (InputStream client = new PolledInputStream(linux, poller, openReader(stdout), 4096);
                DirectStdio stdio = DirectStdio.open(
                        linux, poller, new StdioPaths("", stdout, "", false), new StdioOwner("ns", "c1", 1000, 2000))) {
            assertThat(stdio.forRuntime()).isNotNull();
            assertThat(Files.getAttribute(Path.of(stdout), "unix:uid")).isEqualTo(1000);
            assertThat(Files.getAttribute(Path.of(stdout), "unix:gid")).isEqualTo(2000);
            assertThat(client.available()).isZero();
        }
    }

    @Test
    void refusesWhatItCannotOpen() {
        assertThatThrownBy(() -> DirectStdio.open(linux, poller, new StdioPaths("", dir + "/none", "", false), OWNER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(dir + "/none");
        assertThatThrownBy(() -> DirectStdio.open(linux, poller, new StdioPaths("", "ftp://x", "", false), OWNER))
                .hasMessage("unsupported log destination ftp://x");
    }

    @Test
    void aTerminalIsCopiedBothWays() throws Exception {
        Pty pty = linux.terminals().openPty();
        linux.terminals()
                .setAttributes(
                        pty.slave(), linux.terminals().attributes(pty.slave()).raw());
        Terminals terminals = new Terminals(linux, poller);
        try (InputStream client = new PolledInputStream(linux, poller, openReader(stdout), 4096);
                TerminalStdio stdio = TerminalStdio.open(terminals, new StdioPaths(stdin, stdout, "", true), OWNER);
                OutputStream input =
                        new PolledOutputStream(linux, poller, linux.files().open(stdin, O.WRONLY | O.NONBLOCK))) {
            stdio.begin(new TerminalProcess(pty.master()));
            input.write("typed".getBytes(StandardCharsets.UTF_8));
            InputStream process = new PolledInputStream(linux, poller, pty.slave(), 4096);
            assertThat(process.readNBytes(5)).asString().isEqualTo("typed");

            stdio.resize(100, 30);
            assertThat(linux.terminals().windowSize(pty.master()).columns()).isEqualTo(100);
            assertThat(linux.terminals().windowSize(pty.master()).rows()).isEqualTo(30);

            byte[] shown = "x".repeat(200_000).getBytes(StandardCharsets.UTF_8);
            Thread writer = Thread.ofVirtual().start(() -> {
                try (OutputStream screen = new PolledOutputStream(linux, poller, pty.slave())) {
                    screen.write(shown);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(client.readNBytes(shown.length)).isEqualTo(shown);
            assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
            assertThat(client.read()).isEqualTo(-1);
            stdio.drain();
        }
    }

    /** A process whose terminal is the test's. */
    private record TerminalProcess(Fd master) implements ContainerProcess {
        @Override
        public int number() {
            return 0;
        }

        @Override
        public int pid() {
            return 1;
        }

        @Override
        public Fd pidfd() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Exit> exit() {
            return new CompletableFuture<>();
        }

        @Override
        public void signal(int signal) {}

        @Override
        public Fd terminal() {
            return master;
        }

        @Override
        public Fd held(int n) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }
}
