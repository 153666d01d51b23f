package io.drydock.containerd.shim;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.TerminalCalls.WindowSize;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.Stdio;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A terminal: the shim copies between its master, borrowed from the keeper, and the client's FIFOs. */
final class TerminalStdio implements ProcessStdio {
    private static final Logger log = LoggerFactory.getLogger(TerminalStdio.class);
    private static final long DRAIN_SECONDS = 10;

    private final Linux linux;
    private final Terminals terminals;
    private final StdioPaths paths;
    private @Nullable Fd stdin;
    private @Nullable Fd stdinWriter;
    private @Nullable Fd stdout;
    private @Nullable Fd master;
    private @Nullable LogBinary binary;
    private @Nullable TerminalCopy output;
    private @Nullable TerminalCopy input;
    private CompletableFuture<Void> outputDone = CompletableFuture.completedFuture(null);

    private TerminalStdio(Terminals terminals, StdioPaths paths) {
        this.linux = terminals.linux();
        this.terminals = terminals;
        this.paths = paths;
    }

    /** Opens the client's FIFOs; the terminal itself comes with the process. */
    static TerminalStdio open(Terminals terminals, StdioPaths paths, StdioOwner owner) throws IOException {
        if (!Outputs.areMeant(paths.stdout())) {
            return open(terminals, paths, false);
        }
        TerminalStdio stdio =
                open(terminals, new StdioPaths(paths.stdin(), "", paths.stderr(), paths.terminal()), false);
        try {
            Outputs outputs = Outputs.open(stdio.linux, terminals.poller(), paths.stdout(), owner);
            outputs.stderr().close();
            stdio.stdout = outputs.stdout();
            stdio.binary = outputs.binary();
            stdio.linux.pipes().setNonBlocking(outputs.stdout(), true);
            return stdio;
        } catch (IOException e) {
            stdio.close();
            throw e;
        }
    }

    /** As {@link #open}, after a restart of the shim: without FIFOs if the client has taken them away meanwhile. */
    static TerminalStdio adopt(Terminals terminals, StdioPaths paths, boolean stdinClosed) {
        try {
            return open(terminals, paths, stdinClosed);
        } catch (IOException e) {
            log.debug("the terminal's client is gone: {}", e.getMessage());
            return new TerminalStdio(terminals, paths);
        }
    }

    private static TerminalStdio open(Terminals terminals, StdioPaths paths, boolean stdinClosed) throws IOException {
        TerminalStdio stdio = new TerminalStdio(terminals, paths);
        try {
            if (!paths.stdin().isEmpty()) {
                stdio.stdin = stdio.linux.files().open(paths.stdin(), O.RDONLY | O.NONBLOCK);
                if (!stdinClosed) {
                    stdio.stdinWriter = stdio.linux.files().open(paths.stdin(), O.WRONLY | O.NONBLOCK);
                }
            }
            if (!paths.stdout().isEmpty()) {
                // For reading too: opening does not wait for the client, and its death is no error.
                stdio.stdout = stdio.linux.files().open(paths.stdout(), O.RDWR | O.NONBLOCK);
            }
            return stdio;
        } catch (IOException e) {
            stdio.close();
            throw e;
        }
    }

    @Override
    public Stdio forRuntime() {
        return new Stdio.Terminal(null);
    }

    @Override
    public synchronized void begin(ContainerProcess process) throws IOException {
        Fd borrowed = process.terminal();
        master = borrowed;
        linux.pipes().setNonBlocking(borrowed, true);
        if (stdout != null) {
            output = terminals.copy(borrowed, stdout);
            outputDone = output.start();
            // The client sees the end of the output as soon as there is no more, not only when the task is deleted.
            outputDone.thenRun(this::closeOutput);
        }
        if (stdin != null) {
            input = terminals.copy(stdin, borrowed);
            input.start();
        }
    }

    private void closeOutput() {
        if (stdout != null) {
            stdout.close();
        }
    }

    @Override
    public synchronized void closeStdin() {
        if (stdinWriter != null) {
            stdinWriter.close();
        }
    }

    @Override
    public synchronized void resize(int width, int height) throws IOException {
        if (master == null || master.isClosed()) {
            return;
        }
        try {
            linux.terminals().setWindowSize(master, new WindowSize(height, width));
        } catch (LinuxException e) {
            if (e.errno() != Errno.EIO) {
                throw e;
            }
        }
    }

    @Override
    public void drain() {
        try {
            outputDone.get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            log.warn("the output to {} is not read, dropping the rest", paths.stdout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("copies never fail", e);
        }
    }

    private void endBinary() {
        if (binary != null) {
            binary.end();
            binary = null;
        }
    }

    @Override
    public synchronized void close() {
        if (output != null) {
            output.cancel();
        }
        if (input != null) {
            input.cancel();
        }
        for (Fd fd : new @Nullable Fd[] {stdin, stdinWriter, stdout, master}) {
            if (fd != null) {
                fd.close();
            }
        }
        endBinary();
    }
}
