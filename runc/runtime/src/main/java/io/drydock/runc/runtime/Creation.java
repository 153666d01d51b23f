package io.drydock.runc.runtime;

import io.drydock.linux.Failpoint;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
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
import io.drydock.spec.oci.runtime.Hooks;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code create}: from the bundle to a process that waits for its start. */
final class Creation {
    private final KeptContainers runtime;
    private final CreateRequest request;

    Creation(KeptContainers runtime, CreateRequest request) {
        this.runtime = runtime;
        this.request = request;
    }

    Container run() throws RuntimeFailure {
        Unfinished made = new Unfinished(runtime, request);
        return made.make(() -> create(made), "unable to start container process: ");
    }

    private Container create(Unfinished made) throws IOException, InvalidSpecException {
        StateDirectory.checkId(request.id());
        Parts begun = made.begin(Bundle.read(request.bundle()));
        Spec spec = begun.spec();
        KeeperConnection keeper = begun.keeper();
        TrackedProcess init = keeper.track(0);
        try (Fd hookState = hasInnerHooks(spec) ? runtime.linux.files().memfdCreate("hook-state") : null;
                ContainerPlanner planner = new ContainerPlanner(runtime.linux, spec, inputs(begun, hookState));
                Fd stateDirectory = begun.directory().descriptor();
                Fd listener = begun.directory().listen()) {
            Plan plan = planner.plan();
            tellFilter(plan);
            runtime.config
                    .debug()
                    .accept("nsexec container setup: a plan of " + plan.stage().size() + " steps");
            new PlanSender(runtime.linux, keeper).create(0, plan, stateDirectory, listener);
            SeccompListener seccomp =
                    new SeccompListener(runtime.linux, spec, () -> begun.state().with(init.pid(), Status.CREATING));
            Dialog dialog = new Dialog(init, Dialog.Words.of(plan), runtime.config.warnings(), seccomp);
            while (dialog.next() != Op.Sync.START) {
                moveDevices(spec, init.pid());
                runtimeHooks(spec, begun.state().with(init.pid(), Status.CREATING), hookState);
                keeper.send(KeeperMessage.Request.GO, 0, Op.Sync.RUNTIME_HOOKS, List.of());
            }
            runtime.config.debug().accept("child process in init(): its pid is " + init.pid());
            runtime.config.debug().accept("init: closing the pipe to signal completion");
            if (hookState != null) {
                rewrite(
                        hookState,
                        begun.state().with(init.pid(), Status.CREATED).hookJson());
            }
            init.follow(false);
        }
        Failpoint.at("runtime.create.ready");
        return begun.finish(runtime, Status.CREATED);
    }

    private void moveDevices(Spec spec, int pid) throws IOException {
        if (spec.linux() != null) {
            new NetworkDevices(runtime.linux).move(spec.linux().netDevices(), pid);
        }
    }

    private ContainerPlanner.Inputs inputs(Parts begun, @Nullable Fd hookState)
            throws InvalidSpecException, IOException {
        Spec spec = begun.spec();
        return new ContainerPlanner.Inputs(
                request,
                begun.state().rootfs(),
                CgroupView.of(runtime.config.cgroups().layout(), begun.groups(), CgroupView.isOwn(spec)),
                begun.entryFiles(),
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
        runtime.hooks.runBeforeRoot(hooks, json, request.bundle());
        if (hookState != null) {
            rewrite(hookState, json);
        }
    }

    private void rewrite(Fd file, byte[] content) throws LinuxException {
        runtime.linux.files().ftruncate(file, 0);
        runtime.linux.files().pwrite(file, ByteBuffer.wrap(content), 0);
    }
}
