package io.drydock.docker.engine.container.stdio;

import io.drydock.containerd.client.Stdio;
import io.drydock.docker.engine.container.watch.OperationLock;
import io.drydock.docker.engine.log.ContainerLog;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.linux.PolledOutputStream;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one process: a container's init or an exec. {@link #open} makes the FIFOs that the task API names, or takes
 * them over from an earlier dockerd.
 */
public final class ProcessStdio {
    /** How long the output of a process that has just ended may take to come to its end. */
    public static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration TICK = Duration.ofMillis(20);
    private static final int TICKS = 250;

    private final Path directory;
    private final String name;
    private final Stdio stdio;
    private final ContainerLog log;
    private final Broadcast clients = new Broadcast();
    private final List<OutputCopier> copiers = new ArrayList<>(2);
    private final OperationLock logLock = new OperationLock();
    private final List<Thread> threads = new ArrayList<>(2);
    private final @Nullable OutputStream stdin;
    private final CountDownLatch running = new CountDownLatch(1);

    /** Which streams a process has. */
    public record Wanted(boolean terminal, boolean stdin, boolean stdout, boolean stderr) {}

    private ProcessStdio(Path directory, String name, Stdio stdio, ContainerLog log, @Nullable OutputStream stdin) {
        this.directory = directory;
        this.name = name;
        this.stdio = stdio;
        this.log = log;
        this.stdin = stdin;
    }

    /**
     * Makes or takes over the FIFOs.
     *
     * @param directory where they are; made if missing
     * @param name {@code init} or the exec's id
     * @param log where output goes; {@link ContainerLog#NONE} for execs and the driver {@code none}. It is closed when the
     *     output has ended
     */
    public static ProcessStdio open(
            Linux linux, Poller poller, Path directory, String name, Wanted wanted, ContainerLog log)
            throws IOException {
        Files.createDirectories(directory);
        String in = wanted.stdin() ? fifo(linux, directory, name + "-stdin") : "";
        String out = wanted.stdout() || wanted.terminal() ? fifo(linux, directory, name + "-stdout") : "";
        String err = wanted.stderr() && !wanted.terminal() ? fifo(linux, directory, name + "-stderr") : "";
        // a FIFO opened for both needs no reader to open it, and keeps what is written until there is one
        OutputStream stdin = in.isEmpty()
                ? null
                : new PolledOutputStream(linux, poller, linux.files().open(in, O.RDWR | O.NONBLOCK));
        var process = new ProcessStdio(directory, name, new Stdio(in, out, err, wanted.terminal()), log, stdin);
        for (int stream = 1; stream <= 2; stream++) {
            String path = stream == 1 ? out : err;
            if (!path.isEmpty()) {
                var redo = log == ContainerLog.NONE ? null : new RedoFile(linux, Path.of(path + ".redo"));
                Fd fd = linux.files().open(path, O.RDONLY | O.NONBLOCK);
                process.copiers.add(
                        new OutputCopier(linux, poller, stream, fd, redo, log, process.logLock, process.clients));
            }
        }
        for (OutputCopier copier : process.copiers) {
            copier.recover();
        }
        return process;
    }

    private static String fifo(Linux linux, Path directory, String name) throws IOException {
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            linux.files().mkfifo(path.toString(), 0600);
        }
        return path.toString();
    }

    /** The FIFOs' paths for the task API. */
    public Stdio paths() {
        return stdio;
    }

    /** Where the output goes. */
    public ContainerLog log() {
        return log;
    }

    /** Begins to copy. Before this, what a client adds by {@link #attach} is sure to see the first byte. */
    public void start() {
        for (OutputCopier copier : copiers) {
            threads.add(Thread.ofVirtual().name("output-" + name).start(copier));
        }
    }

    /** Lets a client see the output from now on. */
    public void attach(OutputListener listener) {
        clients.add(listener);
    }

    /** Forgets a client. */
    public void detach(OutputListener listener) {
        clients.remove(listener);
    }

    /** Writes into the process's stdin; null if it has none. Writing waits for the process to read. */
    public @Nullable OutputStream stdin() {
        return stdin;
    }

    /** The process has its streams: from now on what is written to stdin cannot get lost. */
    public void processStarted() {
        running.countDown();
    }

    /**
     * Lets go of stdin once the process has opened it: it reads its end when the shim has let go too. A FIFO that is closed
     * before would forget what was written.
     */
    public void closeStdinWhenStarted() throws IOException, InterruptedException {
        running.await();
        closeStdin();
    }

    private void closeStdin() throws IOException {
        if (stdin != null) {
            stdin.close();
        }
    }

    /**
     * The process has ended: copies what is left, tells the clients, closes the log and removes the FIFOs.
     *
     * @param grace how long to wait for the streams' end if somebody else still holds them; what comes later is lost
     */
    public void finish(Duration grace) throws IOException, InterruptedException {
        log.hurry();
        try {
            for (int i = 0; i < threads.size(); i++) {
                if (grace.isZero() || !threads.get(i).join(grace)) {
                    endNow(copiers.get(i), threads.get(i));
                }
            }
            closeStdin();
        } finally {
            running.countDown();
            closeLog();
        }
    }

    /** Whatever becomes of the log (a full disk), the clients learn of the end. */
    private void closeLog() throws IOException {
        try {
            log.close();
        } finally {
            clients.end();
            remove();
        }
    }

    private static void endNow(OutputCopier copier, Thread thread) throws InterruptedException {
        for (int i = 0; i < TICKS; i++) {
            copier.endSoon();
            if (thread.join(TICK)) {
                return;
            }
        }
    }

    /** Removes the FIFOs of a process that was never started or has ended. */
    private void remove() throws IOException {
        for (String end : new String[] {"-stdin", "-stdout", "-stderr"}) {
            Files.deleteIfExists(directory.resolve(name + end));
            Files.deleteIfExists(directory.resolve(name + end + ".redo"));
        }
        if (name.equals("init")) {
            Files.deleteIfExists(directory);
        }
    }

    /** The process could not be started: ends the clients and removes everything. */
    public void abandon() throws IOException, InterruptedException {
        copiers.forEach(OutputCopier::endSoon);
        if (threads.isEmpty()) {
            start();
        }
        finish(Duration.ZERO);
    }

    /** Who writes to the log now; null if nobody does. */
    public OperationLock.@Nullable Held logHeld() {
        return logLock.held();
    }
}
