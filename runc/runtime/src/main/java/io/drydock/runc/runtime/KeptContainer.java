package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.RuntimeFailure.Kind;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.KeeperMessage.Phase;
import io.drydock.runc.runtime.keeper.KeeperMessage.Request;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.Failures;
import io.drydock.runc.runtime.plan.Op;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container whose keeper we talk to, or whose keeper has died: then only what files and pids tell is left. */
final class KeptContainer implements Container {
    private static final int SIGKILL = 9;

    private final KeptContainers runtime;
    private final Parts parts;
    private final StateDirectory directory;
    private final KeeperConnection connection;
    private final Cgroup cgroup;
    private final @Nullable ResctrlGroup shares;
    private final Spec spec;
    private final ContainerState identity;
    private final TrackedProcess init;
    private final Killing killing;
    private final Execution execution;

    KeptContainer(KeptContainers runtime, Parts parts) {
        this.runtime = runtime;
        this.parts = parts;
        this.directory = parts.directory();
        this.connection = parts.keeper();
        this.cgroup = parts.groups();
        this.shares = parts.shares();
        this.spec = parts.spec();
        this.identity = parts.state();
        this.init = connection.track(0);
        this.killing = new Killing(runtime, parts);
        this.execution = new Execution(runtime, parts);
    }

    static KeptContainer load(KeptContainers runtime, String id, StateDirectory directory) throws IOException {
        StateFile file = StateFile.of(directory.read("state.json"));
        Spec spec = OciJson.read(Spec.class, directory.read("config.json"));
        Cgroup groups = runtime.config.cgroups().load(file.cgroupPaths(), file.systemdUnit());
        ResctrlGroup shares = file.shares().orElse(null);
        ContainerState state = file.state(id, spec);
        try (Fd fd = directory.descriptor()) {
            KeeperConnection keeper =
                    KeeperConnection.open(runtime.linux, runtime.poller, StateDirectory.socketPath(fd));
            KeptContainer container =
                    new KeptContainer(runtime, new Parts(directory, groups, shares, keeper, spec, state));
            container.restore(container.init);
            return container;
        } catch (LinuxException e) {
            if (e.errno() != Errno.ECONNREFUSED && e.errno() != Errno.ENOENT) {
                throw e;
            }
            KeeperConnection none = KeeperConnection.gone(runtime.linux, runtime.poller);
            KeptContainer orphan = new KeptContainer(runtime, new Parts(directory, groups, shares, none, spec, state));
            orphan.init.restore(file.initProcessPid(), ProcessStat.reopen(runtime.linux, file), directory.exit(0));
            orphan.connection.watchWithoutKeeper(orphan.init);
            return orphan;
        }
    }

    /** Takes over what the keeper knows of a process; false if it knows nothing. */
    private boolean restore(TrackedProcess process) throws IOException {
        if (!(connection.ask(Request.STATUS, process.number(), 0) instanceof KeeperMessage.State state)
                || state.phase() == Phase.UNKNOWN) {
            return false;
        }
        Optional<Exit> exit = state.phase() == Phase.EXITED ? directory.exit(process.number()) : Optional.empty();
        process.restore(state.pid(), state.pidfd(), exit);
        return true;
    }

    @Override
    public String id() {
        return identity.id();
    }

    @Override
    public Cgroup cgroup() {
        return cgroup;
    }

    @Override
    public Optional<ResctrlGroup> shares() {
        return Optional.ofNullable(shares);
    }

    @Override
    public long oomKills() throws RuntimeFailure {
        try {
            return cgroup.oomKills();
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "read memory events: " + e.getMessage(), e);
        }
    }

    @Override
    public Spec spec() {
        return spec;
    }

    @Override
    public ContainerState state() throws RuntimeFailure {
        Status status = status();
        return identity.with(status == Status.STOPPED ? 0 : init.pid(), status);
    }

    private Status status() throws RuntimeFailure {
        try {
            Phase phase = phase();
            return switch (phase) {
                case CREATING, UNKNOWN -> Status.CREATING;
                case CREATED -> Status.CREATED;
                case RUNNING -> cgroup.isFrozen() ? Status.PAUSED : Status.RUNNING;
                case EXITED -> Status.STOPPED;
            };
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "state of container: " + e.getMessage(), e);
        }
    }

    private Phase phase() throws IOException {
        if (init.exit().isDone() && !init.exit().isCompletedExceptionally()) {
            return Phase.EXITED;
        }
        KeeperMessage answer = connection.ask(Request.STATUS, 0, 0);
        answer.discard();
        if (answer instanceof KeeperMessage.State state) {
            return state.phase();
        }
        // the keeper was killed or has retired: its pidfd still tells whether init lives
        Fd pidfd = init.pidfd();
        boolean ended = pidfd == null || hasEnded(pidfd) || ProcessStat.isZombie(init.pid());
        return ended ? Phase.EXITED : Phase.RUNNING;
    }

    private boolean hasEnded(Fd pidfd) throws IOException {
        try {
            runtime.linux.processes().pidfdSendSignal(pidfd, 0);
            return false;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ESRCH) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public ContainerProcess init() {
        return new KeptProcess(runtime.linux, directory, connection, init);
    }

    @Override
    public void start() throws RuntimeFailure {
        switch (status()) {
            case CREATED -> {}
            case STOPPED ->
                throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot start a container that has stopped");
            case RUNNING, PAUSED ->
                throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot start an already running container");
            case CREATING ->
                throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot start a container in the creating state");
        }
        init.follow(true);
        try {
            connection.send(Request.GO, 0, Op.Sync.START, List.of());
            new Dialog(init, this::startFailure, runtime.config.warnings(), parts.listener(runtime.linux)).next();
        } catch (LinuxException e) {
            throw new RuntimeFailure(Kind.FAILED, "start container: " + e.getMessage(), e);
        } finally {
            init.follow(false);
        }
        poststart();
    }

    /** The plan may be an earlier program's; what is left to fail at this point are hooks and the execution itself. */
    private String startFailure(int step, int errno, int detail) {
        String hook = Failures.startHook(errno, detail);
        if (!hook.isEmpty()) {
            return hook;
        }
        String program = spec.process() == null ? "" : spec.process().args().getFirst();
        return "exec " + program + ": " + Errno.describe(errno);
    }

    private void poststart() throws RuntimeFailure {
        if (spec.hooks() == null || spec.hooks().poststart().isEmpty()) {
            return;
        }
        byte[] state = identity.with(init.pid(), Status.RUNNING).hookJson();
        try {
            runtime.hooks.run("poststart", spec.hooks().poststart(), state, identity.bundle());
        } catch (RuntimeFailure e) {
            try {
                killing.init(SIGKILL);
            } catch (RuntimeFailure gone) {
                e.addSuppressed(gone);
            }
            throw e;
        }
    }

    @Override
    public ContainerProcess exec(ExecRequest request) throws RuntimeFailure {
        return execution.run(request, requireExecutable(request.ignorePaused()));
    }

    @Override
    public Optional<PreparedExec> prepare(byte[] process) throws RuntimeFailure {
        return Optional.of(execution.prepare(process, requireExecutable(false)));
    }

    /** Init's pidfd. */
    private Fd requireExecutable(boolean ignorePaused) throws RuntimeFailure {
        Status status = status();
        if (status == Status.PAUSED && !ignorePaused) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot exec in a paused container");
        }
        Fd pidfd = init.pidfd();
        if (status == Status.STOPPED || pidfd == null) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot exec in a stopped container");
        }
        return pidfd;
    }

    @Override
    public Optional<ContainerProcess> process(int number) throws RuntimeFailure {
        TrackedProcess process = connection.track(number);
        try {
            if (number == 0 || restore(process)) {
                return Optional.of(new KeptProcess(runtime.linux, directory, connection, process));
            }
            connection.forget(number);
            return Optional.empty();
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "find process: " + e.getMessage(), e);
        }
    }

    @Override
    public void kill(int signal) throws RuntimeFailure {
        killing.kill(signal, () -> status() == Status.STOPPED);
    }

    @Override
    public void killAll(int signal) throws RuntimeFailure {
        killing.all(signal);
    }

    @Override
    public void pause() throws RuntimeFailure {
        Status status = status();
        if (status != Status.RUNNING && status != Status.CREATED) {
            throw new RuntimeFailure(
                    Kind.FAILED_PRECONDITION, status == Status.PAUSED ? "container paused" : "container not running");
        }
        Attempt.to("pause", cgroup::freeze);
    }

    @Override
    public void resume() throws RuntimeFailure {
        if (status() != Status.PAUSED) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not paused");
        }
        Attempt.to("resume", cgroup::thaw);
    }

    @Override
    public void update(byte[] resources) throws RuntimeFailure {
        if (status() == Status.STOPPED) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not running");
        }
        try {
            Resources wanted = OciJson.read(Resources.class, resources);
            Attempt.to("update", () -> new LiveResources(directory, spec).update(cgroup, wanted));
        } catch (IllegalArgumentException e) {
            throw new RuntimeFailure(Kind.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void checkpoint(CriuOptions options) throws RuntimeFailure {
        ContainerState state = state();
        if (state.status() != Status.RUNNING && state.status() != Status.PAUSED) {
            throw new RuntimeFailure(
                    Kind.FAILED_PRECONDITION,
                    "Container cannot be checkpointed in " + state.status().word() + " state");
        }
        try {
            new Checkpoint(runtime, options).run(state, spec, cgroup);
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<Integer> pids() throws RuntimeFailure {
        try {
            return cgroup.pids();
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "list processes: " + e.getMessage(), e);
        }
    }

    @Override
    public void delete(boolean force) throws RuntimeFailure {
        Status status = status();
        boolean runs = status == Status.RUNNING || status == Status.PAUSED;
        if (runs && !force) {
            throw new RuntimeFailure(
                    Kind.FAILED_PRECONDITION,
                    "cannot delete container " + id() + " that is not stopped: " + status.word());
        }
        try {
            if (status != Status.STOPPED) {
                killing.end(() -> status() == Status.STOPPED);
            } else if (killing.sharesPids()) {
                cgroup.kill();
            }
            connection.ask(Request.QUIT, 0, 1).discard();
            cgroup.delete();
            if (shares != null) {
                shares.delete();
            }
            directory.delete();
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "delete container: " + e.getMessage(), e);
        }
        poststop();
        close();
    }

    /** The container is gone by then, so a failure only warns. */
    private void poststop() {
        if (spec.hooks() == null) {
            return;
        }
        try {
            byte[] state = identity.with(0, Status.STOPPED).hookJson();
            runtime.hooks.run("poststop", spec.hooks().poststop(), state, identity.bundle());
        } catch (RuntimeFailure e) {
            runtime.config.warnings().accept(e.getMessage());
        }
    }

    @Override
    public void close() {
        execution.close();
        connection.close();
    }
}
