package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.PlanSender;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.runc.runtime.plan.ContainerPlanner;
import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.Op;
import io.drydock.runc.runtime.plan.Plan;
import io.drydock.runc.runtime.plan.SeccompFilter;
import io.drydock.runc.runtime.plan.Step;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Hooks;
import io.drydock.spec.oci.runtime.IntelRdt;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One {@code create}: from the bundle to a process that waits for its start. Whatever fails, nothing is left behind. */
final class Creation {
    private static final Duration DEATH = Duration.ofSeconds(10);

    private final KeptContainers runtime;
    private final CreateRequest request;
    private @Nullable StateDirectory directory;
    private @Nullable Cgroup cgroup;
    private @Nullable ResctrlGroup shares;
    private @Nullable KeeperConnection connection;

    Creation(KeptContainers runtime, CreateRequest request) {
        this.runtime = runtime;
        this.request = request;
    }

    Container run() throws RuntimeFailure {
        try {
            return create();
        } catch (RuntimeFailure e) {
            undo(e);
            throw e;
        } catch (InvalidSpecException | IllegalArgumentException e) {
            RuntimeFailure failure = new RuntimeFailure(RuntimeFailure.Kind.INVALID, String.valueOf(e.getMessage()), e);
            undo(failure);
            throw failure;
        } catch (IOException e) {
            RuntimeFailure failure = new RuntimeFailure(
                    RuntimeFailure.Kind.FAILED, "unable to start container process: " + e.getMessage(), e);
            undo(failure);
            throw failure;
        }
    }

    private Container create() throws IOException, InvalidSpecException {
        StateDirectory.checkId(request.id());
        byte[] json = Files.readAllBytes(request.bundle().resolve("config.json"));
        Spec spec = OciJson.read(Spec.class, json);
        Path rootfs = rootfs(spec);
        StateDirectory dir = StateDirectory.create(runtime.linux, runtime.config.root(), request.id());
        directory = dir;
        Cgroup groups = runtime.config
                .cgroups()
                .create(request.id(), spec, request.options().systemdCgroup());
        cgroup = groups;
        ResctrlGroup allotted = shares(spec);
        shares = allotted;
        dir.write("config.json", json);
        if (request.options().notifySocket()) {
            spec = Notifications.in(spec, dir.makeNotify());
        }
        KeeperConnection keeper = new KeeperConnection(runtime.linux, runtime.poller, runtime.zygote.fork());
        connection = keeper;
        TrackedProcess init = keeper.track(0);
        Instant now = Instant.now();
        ContainerState state = new ContainerState(
                spec.ociVersion() == null ? "1.0.2" : spec.ociVersion(),
                request.id(),
                0,
                Status.CREATING,
                request.bundle(),
                rootfs,
                now,
                spec.annotations(),
                runtime.linux.processes().geteuid());
        Spec planned = spec;
        try (Fd hookState = hasInnerHooks(spec) ? runtime.linux.files().memfdCreate("hook-state") : null;
                ContainerPlanner planner =
                        new ContainerPlanner(runtime.linux, planned, inputs(planned, groups, rootfs, hookState));
                Fd stateDirectory = dir.descriptor();
                Fd listener = dir.listen()) {
            Plan plan = planner.plan();
            tellFilter(plan);
            runtime.config
                    .debug()
                    .accept("nsexec container setup: a plan of " + plan.stage().size() + " steps");
            new PlanSender(runtime.linux, keeper).create(plan, stateDirectory, listener);
            SeccompListener seccomp =
                    new SeccompListener(runtime.linux, planned, () -> withPid(state, init, Status.CREATING));
            Dialog dialog = new Dialog(init, Dialog.Words.of(plan), runtime.config.warnings(), seccomp);
            while (dialog.next() != Op.Sync.START) {
                moveDevices(planned, init.pid());
                runtimeHooks(planned, withPid(state, init, Status.CREATING), hookState);
                keeper.send(KeeperMessage.Request.GO, 0, Op.Sync.RUNTIME_HOOKS, java.util.List.of());
            }
            runtime.config.debug().accept("child process in init(): its pid is " + init.pid());
            runtime.config.debug().accept("init: closing the pipe to signal completion");
            if (hookState != null) {
                rewrite(hookState, withPid(state, init, Status.CREATED).hookJson());
            }
            init.follow(false);
        }
        groups.entered();
        ContainerState created = withPid(state, init, Status.CREATED);
        dir.write("state.json", StateFile.of(created, planned, groups, allotted).toJson());
        return new KeptContainer(runtime, dir, keeper, groups, allotted, planned, created);
    }

    private @Nullable ResctrlGroup shares(Spec spec) throws IOException {
        IntelRdt wanted = spec.linux() == null ? null : spec.linux().intelRdt();
        if (wanted == null) {
            return null;
        }
        return runtime.resctrl()
                .orElseThrow(() -> new IllegalArgumentException(
                        "intelRdt is specified in config, but Intel RDT is not enabled"))
                .create(request.id(), wanted);
    }

    private void moveDevices(Spec spec, int pid) throws IOException {
        if (spec.linux() != null) {
            new NetworkDevices(runtime.linux).move(spec.linux().netDevices(), pid);
        }
    }

    private Path rootfs(Spec spec) throws InvalidSpecException, IOException {
        String path = spec.root() == null ? "" : spec.root().path();
        Path rootfs = request.bundle().toRealPath().resolve(path).normalize();
        if (!Files.isDirectory(rootfs)) {
            throw new IOException("invalid rootfs: stat " + rootfs + ": no such file or directory");
        }
        if (!rootfs.toRealPath().equals(rootfs)) {
            throw new InvalidSpecException("invalid rootfs: not an absolute path, or a symlink");
        }
        return rootfs;
    }

    private ContainerPlanner.Inputs inputs(Spec spec, Cgroup groups, Path rootfs, @Nullable Fd hookState)
            throws InvalidSpecException, IOException {
        Linux platform = spec.linux();
        boolean own = platform != null
                && platform.namespaces().stream()
                        .anyMatch(namespace -> namespace.type().equals("cgroup"));
        return new ContainerPlanner.Inputs(
                request,
                rootfs,
                CgroupView.of(runtime.config.cgroups().layout(), groups, own),
                Stream.concat(
                                groups.entryFiles().stream(),
                                shares == null ? Stream.empty() : shares.entryFiles().stream())
                        .toList(),
                runtime.config.seccomp().compile(spec),
                hookState,
                runtime.capabilities,
                runtime.config.warnings());
    }

    private void tellFilter(Plan plan) {
        for (Step step : plan.stage()) {
            if (step.op() instanceof Op.Seccomp filter) {
                runtime.config
                        .debug()
                        .accept("seccomp filter flags: " + (filter.flags() & ~SeccompFilter.NEW_LISTENER));
            }
        }
    }

    private static boolean hasInnerHooks(Spec spec) {
        Hooks hooks = spec.hooks();
        return hooks != null
                && !(hooks.createContainer().isEmpty() && hooks.startContainer().isEmpty());
    }

    private void runtimeHooks(Spec spec, ContainerState state, @Nullable Fd hookState) throws IOException {
        Hooks hooks = spec.hooks();
        if (hooks == null) {
            return;
        }
        byte[] json = state.hookJson();
        runtime.hooks.run("prestart", hooks.prestart(), json, request.bundle());
        runtime.hooks.run("createRuntime", hooks.createRuntime(), json, request.bundle());
        if (hookState != null) {
            rewrite(hookState, json);
        }
    }

    private void rewrite(Fd file, byte[] content) throws LinuxException {
        runtime.linux.files().ftruncate(file, 0);
        runtime.linux.files().pwrite(file, ByteBuffer.wrap(content), 0);
    }

    private static ContainerState withPid(ContainerState state, TrackedProcess init, Status status) {
        return state.with(init.pid(), status);
    }

    private void undo(RuntimeFailure failure) {
        try {
            if (connection != null) {
                connection.ask(KeeperMessage.Request.QUIT, 0, 1).discard();
                awaitDeath(connection.track(0));
                connection.close();
            }
            if (cgroup != null) {
                cgroup.delete();
            }
            if (shares != null) {
                shares.delete();
            }
            if (directory != null) {
                directory.delete();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** So that its cgroups are empty. */
    private void awaitDeath(TrackedProcess init) throws IOException {
        Fd pidfd = init.pidfd();
        try {
            if (pidfd != null) {
                runtime.poller.await(pidfd, io.drydock.linux.EventCalls.IN, DEATH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LinuxException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
        }
    }
}
