package io.drydock.containerd.shim;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.drydock.containerd.shim.program.ProgramContainer;
import io.drydock.linux.Failpoint;
import io.drydock.linux.Fd;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.ExecRequest;
import io.drydock.runc.runtime.PreparedExec;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import io.drydock.spec.containerd.shim.v1.ProbeRequest;
import io.drydock.spec.containerd.types.task.Status;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container that the shim serves: its init, its execs, and the order in which what happens to them is told.
 *
 * <p>The lock serialises everything that changes the task, so that an exit is told after the start it may have overtaken.
 * State, waiting and signals do not take it.
 */
final class Task {
    private static final Logger log = LoggerFactory.getLogger(Task.class);
    private static final int KILL = 9;
    private static final StdioPaths NO_STDIO = new StdioPaths("", "", "", false);

    private final ReentrantLock lock = new ReentrantLock();
    private final CreateTaskRequest request;
    private final Container container;
    private final TaskRecord files;
    private final TaskEvents events;
    private final Stdios stdios;
    private final StdioOwner owner;
    private final ExitWatch exits;
    private final OomSource memory;
    private final TaskProcess init;
    private final Map<String, TaskProcess> execs = new ConcurrentHashMap<>();
    private volatile boolean started;
    private volatile boolean paused;
    /** Kills that were told of; guarded by the lock. */
    private long oomKills;

    /** Guarded by the lock. */
    private Cgroup.@Nullable Watch oomWatch;

    /** Guarded by the lock. */
    private @Nullable Prepared prepared;

    /** The probe that was run last, by its OCI process. */
    private record Prepared(ByteString process, PreparedExec exec) {}

    Task(
            CreateTaskRequest request,
            Container container,
            TaskRecord files,
            TaskEvents events,
            Stdios stdios,
            StdioOwner owner,
            ExitWatch exits,
            OomSource memory) {
        this.request = request;
        this.container = container;
        this.files = files;
        this.events = events;
        this.stdios = stdios;
        this.owner = owner;
        this.exits = exits;
        this.memory = memory;
        this.init = new TaskProcess("", pathsOf(request), new byte[0]);
    }

    static StdioPaths pathsOf(CreateTaskRequest request) {
        return new StdioPaths(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
    }

    private static StdioPaths pathsOf(ExecProcessRequest request) {
        return new StdioPaths(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
    }

    String id() {
        return request.getId();
    }

    String bundle() {
        return request.getBundle();
    }

    /** The runtime has just made the container. */
    void created(ProcessStdio stdio) throws IOException {
        lock.lock();
        try {
            init.started(container.init(), stdio);
            stdio.begin(container.init());
            events.created(request, init.pid());
            exits.watch(container.init(), exit -> ended(init, exit, true));
        } finally {
            lock.unlock();
        }
    }

    /** Takes up what an earlier shim left, and tells what that one did not. */
    void adopt(Journal journal, boolean runs, boolean frozen) throws IOException {
        lock.lock();
        try {
            started = runs || journal.started();
            paused = frozen;
            adopt(init, container.init(), journal);
            if (!journal.sent(TaskEvents.CREATE)) {
                events.created(request, init.pid());
            }
            if (started && !journal.sent(TaskEvents.START)) {
                events.started(init.pid());
            }
            for (ExecProcessRequest exec : files.execs()) {
                adoptExec(exec, journal);
            }
            if (started && !init.exit.isDone()) {
                watchMemory();
            }
        } finally {
            lock.unlock();
        }
    }

    private void adoptExec(ExecProcessRequest request, Journal journal) throws IOException {
        String execId = request.getExecId();
        TaskProcess exec = new TaskProcess(
                execId, pathsOf(request), request.getSpec().getValue().toByteArray());
        execs.put(execId, exec);
        if (!journal.sent(TaskEvents.addedOf(execId))) {
            events.execAdded(execId);
        }
        if (journal.number(execId).isEmpty()) {
            return;
        }
        ContainerProcess process =
                container.process(journal.number(execId).getAsInt()).orElse(null);
        if (process == null) {
            exec.exit.complete(ExitWatch.unknown());
            return;
        }
        if (!journal.sent(TaskEvents.startedOf(execId))) {
            events.execStarted(execId, process.pid());
        }
        adopt(exec, process, journal);
    }

    private void adopt(TaskProcess known, ContainerProcess process, Journal journal) throws IOException {
        ProcessStdio stdio = stdios.adopt(known.paths, journal.stdinIsClosed(known.execId));
        known.started(process, stdio);
        boolean tell = !journal.sent(TaskEvents.exitOf(known.execId));
        if (!process.exit().isDone()) {
            stdio.begin(process);
        }
        exits.watch(process, exit -> ended(known, exit, tell));
    }

    /** Runs on a thread of its own when a process has ended. */
    private void ended(TaskProcess process, Exited exit, boolean tell) {
        if (process.init()) {
            endRest();
        }
        lock.lock();
        try {
            tellOfOutOfMemory();
            Failpoint.at("shim.exit");
            // First the state, then the event: who has read the event may delete the process.
            process.exit.complete(exit);
            if (tell) {
                events.exited(process.execId, process.pid(), exit);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is killed need not be a process that is known here, so that its end would tell. */
    private void watchMemory() {
        try {
            oomWatch =
                    memory.watch(container, () -> Thread.ofVirtual().name("oom").start(this::outOfMemory));
        } catch (IOException e) {
            log.debug("watch the memory of {}: {}", id(), e.getMessage());
        }
    }

    /** The kernel says so of version 1 just before it counts the kill, and once more when the group is removed. */
    private void outOfMemory() {
        lock.lock();
        try {
            if (oomWatch != null && !init.exit.isDone()) {
                oomKills = Math.max(oomKills + 1, container.oomKills());
                events.outOfMemory();
            }
        } catch (RuntimeFailure e) {
            log.debug("memory events of {}: {}", id(), e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void forgetMemory() {
        if (oomWatch != null) {
            oomWatch.close();
            oomWatch = null;
        }
    }

    /** Before the exit that it explains. */
    private void tellOfOutOfMemory() {
        try {
            long kills = container.oomKills();
            if (kills > oomKills) {
                oomKills = kills;
                events.outOfMemory();
            }
        } catch (RuntimeFailure e) {
            log.debug("memory events of {}: {}", id(), e.getMessage());
        }
    }

    /** The init's exit is told last: without a pid namespace of its own, others may have survived it. */
    private void endRest() {
        try {
            if (!container.pids().isEmpty()) {
                container.killAll(KILL);
            }
        } catch (RuntimeFailure e) {
            log.debug("kill what is left of {}: {}", id(), e.getMessage());
        }
        execs.values().stream().filter(TaskProcess::running).forEach(ExitWatch::awaitExit);
    }

    /** @throws RpcException NOT_FOUND */
    TaskProcess process(String execId) {
        TaskProcess process = execId.isEmpty() ? init : execs.get(execId);
        if (process == null) {
            throw new RpcException(StatusCode.NOT_FOUND, "process does not exist " + execId);
        }
        return process;
    }

    Status status(TaskProcess process) {
        if (process.exit.isDone()) {
            return Status.STOPPED;
        }
        if (process.process() == null || process.init() && !started) {
            return Status.CREATED;
        }
        return process.init() && paused ? Status.PAUSED : Status.RUNNING;
    }

    /** Lets the init run; answers its pid. */
    int start() {
        lock.lock();
        try {
            if (request.getCheckpoint().isEmpty()) {
                container.start();
            }
            Failpoint.at("shim.start.made");
            started = true;
            files.note(Journal.STARTED);
            events.started(init.pid());
            watchMemory();
            return init.pid();
        } catch (IOException e) {
            throw Failures.of("OCI runtime start failed", e);
        } finally {
            lock.unlock();
        }
    }

    /** Notes an exec that {@link #startExec} will run. */
    void exec(ExecProcessRequest request) {
        String execId = request.getExecId();
        lock.lock();
        try {
            if (execs.containsKey(execId)) {
                throw new RpcException(StatusCode.ALREADY_EXISTS, "id " + execId + " already exists");
            }
            files.addExec(request);
            Failpoint.at("shim.exec.noted");
            execs.put(
                    execId,
                    new TaskProcess(
                            execId,
                            pathsOf(request),
                            request.getSpec().getValue().toByteArray()));
            events.execAdded(execId);
        } catch (IOException e) {
            throw Failures.of("note exec " + execId, e);
        } finally {
            lock.unlock();
        }
    }

    /** Runs an exec; answers its pid. */
    int startExec(String execId) {
        lock.lock();
        try {
            TaskProcess exec = process(execId);
            if (exec.process() != null) {
                throw new RpcException(
                        StatusCode.FAILED_PRECONDITION, "cannot start a process that was started: " + execId);
            }
            ProcessStdio stdio = stdios.open(exec.paths, owner);
            ContainerProcess process;
            try {
                process = container.exec(new ExecRequest(exec.spec, stdio.forRuntime(), List.of(), false));
            } catch (IOException e) {
                stdio.close();
                throw e;
            }
            Failpoint.at("shim.exec.made");
            exec.started(process, stdio);
            files.note(Journal.started(execId, process.number()));
            stdio.begin(process);
            events.execStarted(execId, process.pid());
            exits.watch(process, exit -> ended(exec, exit, true));
            return process.pid();
        } catch (IOException e) {
            // other programs say the second half themselves
            String who = container instanceof ProgramContainer ? "" : ": exec failed";
            throw Failures.of("OCI runtime exec failed" + who, e);
        } finally {
            lock.unlock();
        }
    }

    /** Starts a probe; {@link #endProbe} must follow. */
    TaskProcess startProbe(ProbeRequest request, Fd output) {
        String execId = request.getExecId();
        lock.lock();
        try {
            if (execs.containsKey(execId)) {
                throw new RpcException(StatusCode.ALREADY_EXISTS, "id " + execId + " already exists");
            }
            if (paused) {
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED_PRECONDITION, "cannot exec in a paused container");
            }
            ContainerProcess process = prepared(request.getProcess()).start(output);
            TaskProcess probe = new TaskProcess(execId, NO_STDIO, new byte[0]);
            probe.started(process);
            exits.watch(process, probe.exit::complete);
            execs.put(execId, probe);
            return probe;
        } catch (IOException e) {
            forgetPrepared(); // what was planned may no longer be so: where its groups are, who its keeper is
            throw Failures.of("OCI runtime exec failed: exec failed", e);
        } finally {
            lock.unlock();
        }
    }

    private PreparedExec prepared(ByteString process) throws RuntimeFailure {
        Prepared known = prepared;
        if (known == null || !known.process().equals(process)) {
            forgetPrepared();
            PreparedExec exec = container
                    .prepare(process.toByteArray())
                    .orElseThrow(() ->
                            new RpcException(StatusCode.UNIMPLEMENTED, "this runtime prepares nothing: use an exec"));
            known = new Prepared(process, exec);
            prepared = known;
        }
        return known.exec();
    }

    private void forgetPrepared() {
        if (prepared != null) {
            prepared.exec().close();
            prepared = null;
        }
    }

    /** Nobody asks for a probe any more. */
    void endProbe(TaskProcess probe) {
        execs.remove(probe.execId);
        probe.exit.thenRun(() -> {
            ContainerProcess process = probe.process();
            try {
                if (process != null) {
                    process.release();
                }
            } catch (RuntimeFailure e) {
                log.debug("release a probe of {}: {}", id(), e.getMessage());
            }
        });
    }

    void kill(String execId, int signal, boolean all) {
        try {
            if (!execId.isEmpty()) {
                signalExec(process(execId), signal);
            } else if (all) {
                container.killAll(signal);
            } else {
                container.kill(signal);
            }
        } catch (IOException e) {
            throw Failures.ofSignal(e);
        }
    }

    private static void signalExec(TaskProcess exec, int signal) throws IOException {
        ContainerProcess process = exec.process();
        if (process == null) {
            throw new RpcException(StatusCode.FAILED_PRECONDITION, "process not created");
        }
        if (exec.exit.isDone()) {
            throw new RpcException(StatusCode.NOT_FOUND, "process already finished");
        }
        process.signal(signal);
    }

    void pause() {
        lock.lock();
        try {
            container.pause();
            paused = true;
            events.paused();
        } catch (IOException e) {
            throw Failures.of("OCI runtime pause failed", e);
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            container.resume();
            paused = false;
            events.resumed();
        } catch (IOException e) {
            throw Failures.of("OCI runtime resume failed", e);
        } finally {
            lock.unlock();
        }
    }

    /** Saves the task's processes; they end with that unless the options let them go on. */
    void checkpoint(String path, Any options) {
        lock.lock();
        try {
            container.checkpoint(Checkpoints.saving(path, options, Tasks.options(request)));
            events.checkpointed(path);
        } catch (IOException e) {
            throw Failures.of("OCI runtime checkpoint failed", e);
        } finally {
            lock.unlock();
        }
    }

    void update(byte[] resources) {
        lock.lock();
        try {
            container.update(resources);
        } catch (IOException e) {
            throw Failures.of("OCI runtime update failed", e);
        } finally {
            lock.unlock();
        }
    }

    List<Integer> pids() {
        try {
            return container.pids();
        } catch (IOException e) {
            throw Failures.of("list the processes of " + id(), e);
        }
    }

    /** The exec that a pid is, or null. */
    @Nullable
    TaskProcess execOf(int pid) {
        return execs.values().stream()
                .filter(exec -> exec.pid() == pid)
                .findFirst()
                .orElse(null);
    }

    /** What the container's cgroup counts: metrics of version 1 or 2. */
    Any stats() {
        try {
            boolean unified = container.cgroup().paths().size() == 1
                    && container.cgroup().unified().isPresent();
            return Metrics.of(container.cgroup().stats(), unified);
        } catch (IOException e) {
            throw Failures.of("read the metrics of " + id(), e);
        }
    }

    void resize(String execId, int width, int height) {
        ProcessStdio stdio = process(execId).stdio();
        if (stdio == null) {
            throw new RpcException(StatusCode.FAILED_PRECONDITION, "process not created");
        }
        try {
            stdio.resize(width, height);
        } catch (IOException e) {
            throw Failures.of("resize the terminal", e);
        }
    }

    void closeStdin(String execId) {
        TaskProcess process = process(execId);
        if (!process.paths.stdin().isEmpty()) {
            process.closeStdin();
            files.note(Journal.stdinClosed(execId));
        }
    }

    /** Deletes an exec that has ended or was never started. */
    Exited deleteExec(TaskProcess exec) {
        lock.lock();
        try {
            if (exec.running()) {
                throw new RpcException(StatusCode.FAILED_PRECONDITION, "cannot delete a running process");
            }
            execs.remove(exec.execId);
            if (exec.process() != null) {
                exec.process().release();
            }
            closeStdio(exec);
            files.removeExec(exec.execId);
            return exec.exit.getNow(ExitWatch.never());
        } catch (IOException e) {
            throw Failures.of("delete exec " + exec.execId, e);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes the container, which has ended or was never started. */
    Exited delete() {
        lock.lock();
        try {
            if (started && !init.exit.isDone()) {
                throw new RpcException(StatusCode.FAILED_PRECONDITION, "cannot delete a running process");
            }
            forgetMemory();
            container.delete(!started);
            Failpoint.at("shim.delete.made");
            Exited exit = init.exit.getNow(ExitWatch.never());
            closeStdio(init);
            execs.values().forEach(Task::closeStdio);
            files.note(Journal.deleted(init.pid(), exit));
            Failpoint.at("shim.delete.noted");
            events.deleted(init.pid(), exit);
            forgetPrepared();
            container.close();
            return exit;
        } catch (IOException e) {
            throw Failures.of("OCI runtime delete failed", e);
        } finally {
            lock.unlock();
        }
    }

    private static void closeStdio(TaskProcess process) {
        ProcessStdio stdio = process.stdio();
        if (stdio != null) {
            stdio.drain();
            stdio.close();
        }
    }
}
