package io.drydock.runc.cli;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.TerminalCalls.Termios;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.RuntimeFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Stays with a process: forwards signals, copies its terminal, answers its exit code. */
final class Foreground implements AutoCloseable {
    private static final int BUFFER = 1 << 15;

    private final Linux linux;
    private final ContainerProcess process;
    private final @Nullable Fd master;
    private final @Nullable Termios before;
    private final @Nullable Thread output;

    private Foreground(Linux linux, ContainerProcess process, @Nullable Fd master) throws IOException {
        this.linux = linux;
        this.process = process;
        this.master = master;
        for (String name : List.of("INT", "TERM", "HUP")) {
            Signal.handle(new Signal(name), signal -> forward(signal.getNumber()));
        }
        if (master == null) {
            this.before = null;
            this.output = null;
            return;
        }
        // the caller's own terminal makes its line ends
        linux.terminals()
                .setAttributes(master, linux.terminals().attributes(master).withoutLineEnds());
        Fd stdin = Fd.borrowed(0);
        if (linux.terminals().isTerminal(stdin)) {
            this.before = linux.terminals().attributes(stdin);
            linux.terminals().setAttributes(stdin, before.raw());
            resize(master);
            Signal.handle(new Signal("WINCH"), signal -> resize(master));
        } else {
            this.before = null;
        }
        this.output = Thread.ofPlatform().daemon().start(() -> copy(master, Fd.borrowed(1)));
        Thread.ofPlatform().daemon().start(() -> copy(stdin, master));
    }

    static Foreground plain(ContainerProcess process) throws IOException {
        return new Foreground(Linux.system(), process, null);
    }

    static Foreground terminal(Linux linux, ContainerProcess process) throws IOException {
        return new Foreground(linux, process, process.terminal());
    }

    private void forward(int signal) {
        try {
            process.signal(signal);
        } catch (RuntimeFailure e) {
            return; // it has just ended
        }
    }

    private void resize(Fd terminal) {
        try {
            linux.terminals().setWindowSize(terminal, linux.terminals().windowSize(Fd.borrowed(0)));
        } catch (LinuxException e) {
            return; // our terminal has hung up
        }
    }

    /** Ends at the end of either side; EIO is how a terminal says so. */
    private void copy(Fd from, Fd to) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (linux.files().read(from, buffer.clear()) > 0) {
                linux.files().writeFully(to, buffer.flip());
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.EIO && e.errno() != Errno.EPIPE) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** The exit code, 128 plus the signal if one ended it; all output is written by then. */
    int await() throws IOException {
        try {
            int code = process.exit().get().status().shellCode();
            if (output != null) {
                output.join();
            }
            return code;
        } catch (ExecutionException e) {
            throw new IOException("wait for process: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() throws IOException {
        if (before != null) {
            linux.terminals().setAttributes(Fd.borrowed(0), before);
        }
        if (master != null) {
            master.close();
        }
    }
}
