package io.drydock.runc.runtime;

import io.drydock.linux.Failpoint;
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
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code create}: from the bundle to a process that waits for its start. Whatever fails, nothing is left behind. */
final class Creation {
    private final KeptContainers runtime;
    private final CreateRequest request;
    private final Unfinished made;

    Creation(KeptContainers runtime, CreateRequest request) {
        this.runtime = runtime;
        this.request = request;
        this.made = new Unfinished(runtime);
    }

    Container run() throws RuntimeFailure {
        try {
            return create();
        } catch (RuntimeFailure e) {
            made.undo(e);
            throw e;
        } catch (InvalidSpecException | IllegalArgumentException e) {
            RuntimeFailure failure = new RuntimeFailure(RuntimeFailure.Kind.INVALID, String.valueOf(e.getMessage()), e);
            made.undo(failure);
            throw failure;
        } catch (IOException e) {
            RuntimeFailure failure = new RuntimeFailure(
                    RuntimeFailure.Kind.FAILED, "unable to start container process: " + e.getMessage(), e);
            made.undo(failure);
            throw failure;
        }
    }

    private Container create() throws IOException, InvalidSpecException {
        StateDirectory.checkId(request.id());
        byte[] json = Files.readAllBytes(request.bundle().resolve("config.json"));
        Spec spec = OciJson.read(Spec.class, json);
        Path rootfs = rootfs(request.bundle(), spec);
        StateDirectory dir = StateDirectory.create(runtime.linux, runtime.config.root(), request.id());
        made.directory = dir;
        Cgroup groups = runtime.config
                .cgroups()
                .create(request.id(), spec, request.options().systemdCgroup());
        made.cgroup = groups;
        Failpoint.at("runtime.create.groups");
        ResctrlGroup shares = shares(runtime, request.id(), spec);
        made.shares = shares;
        dir.write("config.json", json);
        if (request.options().notifySocket()) {
            spec = Notifications.in(spec, dir.makeNotify());
        }
        KeeperConnection keeper = new KeeperConnection(runtime.linux, runtime.poller, runtime.zygote.fork());
        made.connection = keeper;
        Failpoint.at("runtime.create.forked");
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
            new PlanSender(runtime.linux, keeper).create(0, plan, stateDirectory, listener);
            SeccompListener seccomp =
                    new SeccompListener(runtime.linux, planned, () -> withPid(state, init, Status.CREATING));
            Dialog dialog = new Dialog(init, Dialog.Words.of(plan), runtime.config.warnings(), seccomp);
            while (dialog.next() != Op.Sync.START) {
                moveDevices(planned, init.pid());
                runtimeHooks(planned, withPid(state, init, Status.CREATING), hookState);
                keeper.send(KeeperMessage.Request.GO, 0, Op.Sync.RUNTIME_HOOKS, List.of());
            }
            runtime.config.debug().accept("child process in init(): its pid is " + init.pid());
            runtime.config.debug().accept("init: closing the pipe to signal completion");
            if (hookState != null) {
                rewrite(hookState, withPid(state, init, Status.CREATED).hookJson());
            }
            init.follow(false);
        }
        groups.entered();
        Failpoint.at("runtime.create.ready");
        ContainerState created = withPid(state, init, Status.CREATED);
        dir.write("state.json", StateFile.of(created, planned, groups, shares).toJson());
        return new KeptContainer(runtime, dir, keeper, groups, shares, planned, created);
    }

    static @Nullable ResctrlGroup shares(KeptContainers runtime, String id, Spec spec) throws IOException {
        IntelRdt wanted = spec.linux() == null ? null : spec.linux().intelRdt();
        if (wanted == null) {
            return null;
        }
        return runtime.resctrl()
                .orElseThrow(() ->
                        new IllegalArgumentException("intelRdt is specified in config, but Intel RDT is not enabled"))
                .create(id, wanted);
    }

    /** Files to which a process writes {@code 0} to be in the container's groups. */
    static List<String> entryFiles(@Nullable Cgroup groups, @Nullable ResctrlGroup shares) {
        List<String> files = new ArrayList<>(groups == null ? List.of() : groups.entryFiles());
        if (shares != null) {
            files.addAll(shares.entryFiles());
        }
        return files;
    }

    private void moveDevices(Spec spec, int pid) throws IOException {
        if (spec.linux() != null) {
            new NetworkDevices(runtime.linux).move(spec.linux().netDevices(), pid);
        }
    }

    static Path rootfs(Path bundle, Spec spec) throws IOException {
        String path = spec.root() == null ? "" : spec.root().path();
        Path rootfs = bundle.toRealPath().resolve(path).normalize();
        if (!Files.isDirectory(rootfs)) {
            throw new IOException("invalid rootfs: stat " + rootfs + ": no such file or directory");
        }
        if (!rootfs.toRealPath().equals(rootfs)) {
            throw new RuntimeFailure(RuntimeFailure.Kind.INVALID, "invalid rootfs: not an absolute path, or a symlink");
        }
        return rootfs;
    }

    private ContainerPlanner.Inputs inputs(Spec spec, Cgroup groups, Path rootfs, @Nullable Fd hookState)
            throws InvalidSpecException, IOException {
        return new ContainerPlanner.Inputs(
                request,
                rootfs,
                CgroupView.of(runtime.config.cgroups().layout(), groups, CgroupView.isOwn(spec)),
                entryFiles(groups, made.shares),
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
}
