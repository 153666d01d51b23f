package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.runc.runtime.RuntimeFailure.Kind;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.PlanSender;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.CpuList;
import io.drydock.runc.runtime.plan.ExecPlanner;
import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.Plan;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.CpuAffinity;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Process;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Starts processes in a container that runs. */
final class Execution implements AutoCloseable {
    private final KeptContainers runtime;
    private final Parts parts;
    private final TrackedProcess init;
    private @Nullable KeeperConnection second;

    Execution(KeptContainers runtime, Parts parts) {
        this.runtime = runtime;
        this.parts = parts;
        this.init = parts.keeper().track(0);
    }

    /** {@code pidfd}: init's. */
    ContainerProcess run(ExecRequest request, Fd pidfd) throws RuntimeFailure {
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
            new Dialog(process, Dialog.Words.of(plan), runtime.config.warnings(), parts.listener(runtime.linux)).next();
            process.follow(false);
            runtime.config.debug().accept("child process in init(): its pid is " + process.pid());
            runtime.config.debug().accept("setns_init: about to exec, done");
            return new KeptProcess(runtime.linux, parts.directory(), keeper, process);
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

    /** {@code pidfd}: init's. */
    PreparedExec prepare(byte[] process, Fd pidfd) throws RuntimeFailure {
        try (Pipe output = runtime.linux.pipes().pipe(0)) {
            Fd model = output.write();
            ExecRequest request =
                    new ExecRequest(process, new Stdio.Descriptors(null, model, model, List.of()), List.of(), false);
            ExecPlanner planner = new ExecPlanner();
            try {
                Plan plan = plan(planner, OciJson.read(Process.class, process), request, "", pidfd);
                return new PlannedExec(
                        runtime.linux,
                        parts.directory(),
                        keeperOfExecs(),
                        planner,
                        plan,
                        model,
                        new PlannedExec.Listeners(runtime.config.warnings(), parts.listener(runtime.linux)));
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

    private Plan plan(ExecPlanner planner, Process wanted, ExecRequest request, String exitFile, Fd pidfd)
            throws InvalidSpecException, IOException {
        Linux linux = parts.spec().linux();
        return planner.plan(
                runtime.linux,
                wanted,
                new ExecPlanner.Inputs(
                        request,
                        exitFile,
                        pidfd,
                        init.pid(),
                        entryFiles(request),
                        runtime.config.seccomp().compile(parts.spec()),
                        linux == null ? null : linux.personality(),
                        linux == null ? null : linux.memoryPolicy(),
                        runtime.capabilities,
                        runtime.config.warnings()));
    }

    private List<String> entryFiles(ExecRequest request) throws IOException {
        List<String> files = new ArrayList<>(ExecCgroups.entryFiles(parts.groups(), init.pid(), request.subCgroups()));
        if (parts.shares() != null && Files.isDirectory(parts.shares().path())) {
            files.addAll(parts.shares().entryFiles());
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
        if (!parts.keeper().isGone()) {
            return parts.keeper();
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
        new KeptProcess(runtime.linux, parts.directory(), keeper, process).release();
        keeper.forget(process.number());
    }

    @Override
    public synchronized void close() {
        if (second != null) {
            second.close();
        }
    }
}
