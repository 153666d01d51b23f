package io.drydock.containerd.shim.program;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.Exit;
import io.drydock.runc.runtime.RuntimeFailure;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process that a runtime's program left behind. It is this shim's child, as the shim adopts orphans; after a restart of the
 * shim it is somebody else's, and a newer kernel says all the same how it ended.
 */
final class ProgramProcess implements ContainerProcess {
    private static final ExitStatus UNKNOWN = new ExitStatus(255, 0);

    private final Linux linux;
    private final int number;
    private final int pid;
    private final Fd pidfd;
    private final List<Fd> held = new ArrayList<>();
    private final @Nullable Fd terminal;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();

    private ProgramProcess(Linux linux, int number, int pid, Fd pidfd, List<Fd> held, @Nullable Fd terminal) {
        this.linux = linux;
        this.number = number;
        this.pid = pid;
        this.pidfd = pidfd;
        this.held.addAll(held);
        this.terminal = terminal;
    }

    /**
     * @param pidfd owned from now on
     * @param held read ends of the process's outputs, owned from now on
     * @param terminal the master of its terminal, owned from now on
     */
    static ProgramProcess watch(
            Linux linux, Poller poller, int number, int pid, Fd pidfd, List<Fd> held, @Nullable Fd terminal)
            throws LinuxException {
        ProgramProcess process = new ProgramProcess(linux, number, pid, pidfd, held, terminal);
        poller.once(pidfd, EventCalls.IN, events -> {
            if (events != 0) {
                process.reap();
            }
        });
        return process;
    }

    /** A process that ended while no shim was there to see how. */
    static ProgramProcess ended(Linux linux, int number, int pid) {
        ProgramProcess process = new ProgramProcess(linux, number, pid, Fd.borrowed(-1), List.of(), null);
        process.exit.complete(new Exit(UNKNOWN, Instant.now()));
        return process;
    }

    private void reap() {
        try {
            // readable means ended, and an ended child has a status
            exit.complete(new Exit(linux.processes().waitPidfd(pidfd, false).orElse(UNKNOWN), Instant.now()));
        } catch (LinuxException e) {
            exit.completeExceptionally(
                    new IOException("pid " + pid + " is not this shim's child: " + e.getMessage(), e));
        }
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public Fd pidfd() {
        return pidfd;
    }

    @Override
    public CompletableFuture<Exit> exit() {
        return exit;
    }

    @Override
    public void signal(int signal) throws RuntimeFailure {
        try {
            if (!exit.isDone()) {
                linux.processes().pidfdSendSignal(pidfd, signal);
                return;
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.ESRCH) {
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
            }
        }
        throw new RuntimeFailure(RuntimeFailure.Kind.NOT_FOUND, "process already finished");
    }

    @Override
    public Fd terminal() throws RuntimeFailure {
        if (terminal == null) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED_PRECONDITION, "the process has no terminal");
        }
        return duplicate(terminal);
    }

    @Override
    public Fd held(int n) throws RuntimeFailure {
        return duplicate(held.get(n));
    }

    private Fd duplicate(Fd fd) throws RuntimeFailure {
        try {
            return linux.pipes().duplicate(fd);
        } catch (LinuxException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void release() {
        held.forEach(Fd::close);
        if (terminal != null) {
            terminal.close();
        }
        if (exit.isDone()) {
            pidfd.close();
        }
    }
}
