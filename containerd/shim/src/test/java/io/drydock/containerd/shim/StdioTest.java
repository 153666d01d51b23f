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
                DirectStdio stdio = DirectStdio.open(linux, new StdioPaths("", stdout, stderr, false))) {
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
        try (DirectStdio stdio = DirectStdio.open(linux, new StdioPaths(stdin, "", "", false))) {
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
        try (DirectStdio stdio = DirectStdio.open(linux, new StdioPaths("", "file://" + log, "", false))) {
            Stdio.Descriptors given = (Stdio.Descriptors) stdio.forRuntime();
            linux.files().writeFully(Objects.requireNonNull(given.stdout()), bytes("line\n"));
        }
        assertThat(log).hasContent("line\n");
        assertThat(Files.exists(dir.resolve("logs"))).isTrue();
    }

    @Test
    void refusesWhatItCannotOpen() {
        assertThatThrownBy(() -> DirectStdio.open(linux, new StdioPaths("", dir + "/none", "", false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(dir + "/none");
        assertThatThrownBy(() -> DirectStdio.open(linux, new StdioPaths("", "ftp://x", "", false)))
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
                TerminalStdio stdio = TerminalStdio.open(terminals, new StdioPaths(stdin, stdout, "", true));
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
