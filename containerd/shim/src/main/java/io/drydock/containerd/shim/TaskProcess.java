package io.drydock.containerd.shim;

import io.drydock.runc.runtime.ContainerProcess;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task's init or an exec. Guarded by its task's lock, but for {@link #exit}, which anybody may wait for.
 *
 * <p>An exec is first only known; it becomes a process when it is started.
 */
final class TaskProcess {
    /** Empty for the task's init. */
    final String execId;

    final StdioPaths paths;
    /** The OCI process of an exec as JSON, empty for an init. */
    final byte[] spec;
    /** Completed when the process has ended. */
    final CompletableFuture<Exited> exit = new CompletableFuture<>();

    private volatile @Nullable ContainerProcess process;
    private volatile @Nullable ProcessStdio stdio;
    /** Guarded by this: a client with little to say closes stdin before the process has begun. */
    private boolean stdinClosed;

    TaskProcess(String execId, StdioPaths paths, byte[] spec) {
        this.execId = execId;
        this.paths = paths;
        this.spec = spec;
    }

    synchronized void started(ContainerProcess process, ProcessStdio stdio) {
        this.process = process;
        this.stdio = stdio;
        if (stdinClosed) {
            stdio.closeStdin();
        }
    }

    /** A process whose streams are somebody else's. */
    synchronized void started(ContainerProcess process) {
        this.process = process;
    }

    synchronized void closeStdin() {
        stdinClosed = true;
        ProcessStdio open = stdio;
        if (open != null) {
            open.closeStdin();
        }
    }

    boolean init() {
        return execId.isEmpty();
    }

    /** Null for an exec that was not started. */
    @Nullable
    ContainerProcess process() {
        return process;
    }

    @Nullable
    ProcessStdio stdio() {
        return stdio;
    }

    int pid() {
        ContainerProcess started = process;
        return started == null ? 0 : started.pid();
    }

    boolean running() {
        return process != null && !exit.isDone();
    }
}
