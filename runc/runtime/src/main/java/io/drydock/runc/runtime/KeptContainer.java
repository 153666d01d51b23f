package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.RuntimeFailure.Kind;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.KeeperMessage.Phase;
import io.drydock.runc.runtime.keeper.KeeperMessage.Request;
import io.drydock.runc.runtime.keeper.PlanSender;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.CpuList;
import io.drydock.runc.runtime.plan.ExecPlanner;
import io.drydock.runc.runtime.plan.Failures;
import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.Op;
import io.drydock.runc.runtime.plan.Plan;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.CpuAffinity;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A container whose keeper we talk to, or whose keeper has died: then only what files and pids tell is left. */
final class KeptContainer implements Container {
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;

    private final KeptContainers runtime;
    private final StateDirectory directory;
    private final KeeperConnection connection;
    private final Cgroup cgroup;
    private final @Nullable ResctrlGroup shares;
    private final Spec spec;
    private final ContainerState identity;
    private final TrackedProcess init;
    private @Nullable KeeperConnection second;

    KeptContainer(
            KeptContainers runtime,
            StateDirectory directory,
            KeeperConnection connection,
            Cgroup cgroup,
            @Nullable ResctrlGroup shares,
            Spec spec,
            ContainerState identity) {
        this.runtime = runtime;
        this.directory = directory;
        this.connection = connection;
        this.cgroup = cgroup;
        this.shares = shares;
        this.spec = spec;
        this.identity = identity;
        this.init = connection.track(0);
    }

    static KeptContainer load(KeptContainers runtime, String id, StateDirectory directory) throws IOException {
        StateFile file = StateFile.of(directory.read("state.json"));
        Spec spec = OciJson.read(Spec.class, directory.read("config.json"));
        Cgroup cgroup = runtime.config.cgroups().load(file.cgroupPaths(), file.systemdUnit());
        ResctrlGroup shares = file.shares().orElse(null);
        ContainerState identity = new ContainerState(
                file.ociVersion(),
                id,
                file.initProcessPid(),
                Status.CREATED,
                Path.of(file.bundle()),
                Path.of(file.config().rootfs()),
                Instant.parse(file.created()),
                spec.annotations(),
                file.owner());
        try (Fd fd = directory.descriptor()) {
            KeeperConnection connection =
                    KeeperConnection.open(runtime.linux, runtime.poller, StateDirectory.socketPath(fd));
            KeptContainer container = new KeptContainer(runtime, directory, connection, cgroup, shares, spec, identity);
            container.restore(container.init);
            return container;
        } catch (LinuxException e) {
            if (e.errno() != Errno.ECONNREFUSED && e.errno() != Errno.ENOENT) {
                throw e;
            }
            KeeperConnection none = KeeperConnection.gone(runtime.linux, runtime.poller);
            KeptContainer orphan = new KeptContainer(runtime, directory, none, cgroup, shares, spec, identity);
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
            new Dialog(init, this::startFailure, runtime.config.warnings(), seccompListener()).next();
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

    private SeccompListener seccompListener() {
        return new SeccompListener(runtime.linux, spec, () -> identity.with(init.pid(), Status.RUNNING));
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
                signal(SIGKILL);
            } catch (RuntimeFailure gone) {
                e.addSuppressed(gone);
            }
            throw e;
        }
    }

    @Override
    public ContainerProcess exec(ExecRequest request) throws RuntimeFailure {
        Fd pidfd = requireExecutable(request);
        int number = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        KeeperConnection keeper = keeperOfExecs();
        TrackedProcess process = keeper.track(number);
        try (ExecPlanner planner = new ExecPlanner()) {
            Process wanted = OciJson.read(Process.class, request.process());
            Plan plan = plan(planner, wanted, request, "exit-" + number, pidfd);
            runtime.config
                    .debug()
                    .accept("nsexec container setup: a plan of " + plan.stage().size() + " steps");
            tellAffinity(wanted.execCPUAffinity());
            new PlanSender(runtime.linux, keeper).exec(number, plan);
            new Dialog(process, Dialog.Words.of(plan), runtime.config.warnings(), seccompListener()).next();
            process.follow(false);
            runtime.config.debug().accept("child process in init(): its pid is " + process.pid());
            runtime.config.debug().accept("setns_init: about to exec, done");
            return new KeptProcess(runtime.linux, directory, keeper, process);
        } catch (RuntimeFailure e) {
            abandon(keeper, process);
            throw e;
        } catch (InvalidSpecException | IllegalArgumentException e) {
            keeper.forget(number);
            throw new RuntimeFailure(Kind.INVALID, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            keeper.forget(number);
            throw new RuntimeFailure(Kind.FAILED, "unable to start container process: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<PreparedExec> prepare(byte[] process) throws RuntimeFailure {
        try (Pipe output = runtime.linux.pipes().pipe(0)) {
            Fd model = output.write();
            ExecRequest request =
                    new ExecRequest(process, new Stdio.Descriptors(null, model, model, List.of()), List.of(), false);
            Fd pidfd = requireExecutable(request);
            ExecPlanner planner = new ExecPlanner();
            try {
                Plan plan = plan(planner, OciJson.read(Process.class, process), request, "", pidfd);
                return Optional.of(new PlannedExec(
                        runtime.linux,
                        directory,
                        keeperOfExecs(),
                        planner,
                        plan,
                        model,
                        new PlannedExec.Listeners(runtime.config.warnings(), seccompListener())));
            } catch (InvalidSpecException | IOException | RuntimeException e) {
                planner.close();
                throw e;
            }
        } catch (InvalidSpecException | IllegalArgumentException e) {
            throw new RuntimeFailure(Kind.INVALID, String.valueOf(e.getMessage()), e);
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "unable to start container process: " + e.getMessage(), e);
        }
    }

    /** Init's pidfd. */
    private Fd requireExecutable(ExecRequest request) throws RuntimeFailure {
        Status status = status();
        if (status == Status.PAUSED && !request.ignorePaused()) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot exec in a paused container");
        }
        Fd pidfd = init.pidfd();
        if (status == Status.STOPPED || pidfd == null) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "cannot exec in a stopped container");
        }
        return pidfd;
    }

    private Plan plan(ExecPlanner planner, Process wanted, ExecRequest request, String exitFile, Fd pidfd)
            throws InvalidSpecException, IOException {
        return planner.plan(
                runtime.linux,
                wanted,
                new ExecPlanner.Inputs(
                        request,
                        exitFile,
                        pidfd,
                        init.pid(),
                        entryFiles(request),
                        runtime.config.seccomp().compile(spec),
                        spec.linux() == null ? null : spec.linux().personality(),
                        spec.linux() == null ? null : spec.linux().memoryPolicy(),
                        runtime.capabilities,
                        runtime.config.warnings()));
    }

    private List<String> entryFiles(ExecRequest request) throws IOException {
        List<String> files = new ArrayList<>(ExecCgroups.entryFiles(cgroup, init.pid(), request.subCgroups()));
        if (shares != null && Files.isDirectory(shares.path())) {
            files.addAll(shares.entryFiles());
        }
        return files;
    }

    private void tellAffinity(@Nullable CpuAffinity affinity) throws InvalidSpecException {
        if (affinity == null) {
            return;
        }
        for (String list : Arrays.asList(affinity.initial(), affinity.finalSet())) {
            if (list != null && !list.isEmpty()) {
                runtime.config.debug().accept("nsexec: affinity: " + CpuList.text(list));
            }
        }
    }

    /** Where init's keeper is gone, another is the parent of what is executed. */
    private synchronized KeeperConnection keeperOfExecs() throws RuntimeFailure {
        if (!connection.isGone()) {
            return connection;
        }
        try {
            if (second == null || second.isGone()) {
                second = new KeeperConnection(runtime.linux, runtime.poller, runtime.zygote.fork());
            }
            return second;
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "start keeper: " + e.getMessage(), e);
        }
    }

    /** A failed exec leaves nothing with the keeper. */
    private void abandon(KeeperConnection keeper, TrackedProcess process) throws RuntimeFailure {
        new KeptProcess(runtime.linux, directory, keeper, process).release();
        keeper.forget(process.number());
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
        if (signal == SIGKILL && sharesPids()) {
            killAll(signal); // init may be gone, and the others not
        } else if (status() == Status.STOPPED) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not running");
        } else {
            signal(signal);
        }
        thawToDie(signal);
    }

    private boolean sharesPids() {
        return spec.linux() == null
                || spec.linux().namespaces().stream()
                        .noneMatch(n -> n.type().equals("pid")
                                && (n.path() == null || n.path().isEmpty()));
    }

    private void signal(int signal) throws RuntimeFailure {
        Fd pidfd = init.pidfd();
        if (pidfd == null) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not running");
        }
        try {
            KeptProcess.send(runtime.linux, pidfd, signal, "container not running");
        } catch (RuntimeFailure e) {
            throw e.kind() == Kind.NOT_FOUND
                    ? new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not running", e)
                    : e;
        }
    }

    private void thawToDie(int signal) throws RuntimeFailure {
        try {
            if (signal == SIGKILL && cgroup.isFrozen()) {
                cgroup.thaw();
            }
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, "thaw: " + e.getMessage(), e);
        }
    }

    @Override
    public void killAll(int signal) throws RuntimeFailure {
        attempt("kill all", () -> {
            if (signal == SIGKILL) {
                cgroup.kill();
                return;
            }
            for (int pid : cgroup.pids()) {
                runtime.linux.processes().kill(pid, signal);
            }
        });
    }

    /** Something that reads or writes control groups. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static void attempt(String what, Attempt attempt) throws RuntimeFailure {
        try {
            attempt.run();
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.FAILED, what + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void pause() throws RuntimeFailure {
        Status status = status();
        if (status != Status.RUNNING && status != Status.CREATED) {
            throw new RuntimeFailure(
                    Kind.FAILED_PRECONDITION, status == Status.PAUSED ? "container paused" : "container not running");
        }
        attempt("pause", cgroup::freeze);
    }

    @Override
    public void resume() throws RuntimeFailure {
        if (status() != Status.PAUSED) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not paused");
        }
        attempt("resume", cgroup::thaw);
    }

    @Override
    public void update(byte[] resources) throws RuntimeFailure {
        if (status() == Status.STOPPED) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not running");
        }
        try {
            Resources wanted = OciJson.read(Resources.class, resources);
            attempt("update", () -> new LiveResources(directory, spec).update(cgroup, wanted));
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
                killUnlessDead();
                awaitDeath();
            } else if (sharesPids()) {
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

    /** It may end by itself after its status was asked for. */
    private void killUnlessDead() throws IOException {
        try {
            kill(SIGKILL);
        } catch (RuntimeFailure e) {
            if (e.kind() != Kind.FAILED_PRECONDITION) {
                throw e;
            }
            if (sharesPids()) {
                cgroup.kill();
            }
        }
    }

    private void awaitDeath() throws IOException {
        Fd pidfd = init.pidfd();
        try {
            if (pidfd != null && runtime.poller.await(pidfd, EventCalls.IN, DEATH) == 0) {
                throw new RuntimeFailure(Kind.FAILED, "container init still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(Kind.FAILED, "interrupted", e);
        }
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
    public synchronized void close() {
        if (second != null) {
            second.close();
        }
        connection.close();
    }
}
