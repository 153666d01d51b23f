package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.PlanSender;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.ExecPlanner;
import io.drydock.runc.runtime.plan.Plan;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** A plan that is sent again and again, each time with another output in the place of the one it was made with. */
final class PlannedExec implements PreparedExec {
    private final Linux linux;
    private final StateDirectory directory;
    private final KeeperConnection keeper;
    private final ExecPlanner planner;
    private final Plan plan;
    private final Fd sealed;
    private final Fd model;
    private final Listeners listeners;

    /** Who hears of warnings and of a filter's notifications. */
    record Listeners(Consumer<String> warnings, SeccompListener seccomp) {}

    /**
     * Takes the planner over.
     *
     * @param model the descriptor in the plan's slots that each start replaces
     */
    PlannedExec(
            Linux linux,
            StateDirectory directory,
            KeeperConnection keeper,
            ExecPlanner planner,
            Plan plan,
            Fd model,
            Listeners listeners)
            throws LinuxException {
        this.linux = linux;
        this.directory = directory;
        this.keeper = keeper;
        this.planner = planner;
        this.plan = plan;
        this.model = model;
        this.listeners = listeners;
        this.sealed = PlanSender.seal(linux, plan);
    }

    @Override
    public ContainerProcess start(Fd output) throws RuntimeFailure {
        TrackedProcess process = keeper.track(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        try {
            List<Fd> slots =
                    plan.slots().stream().map(fd -> fd == model ? output : fd).toList();
            new PlanSender(linux, keeper).exec(process.number(), sealed, slots);
            new Dialog(process, Dialog.Words.of(plan), listeners.warnings(), listeners.seccomp()).next();
            process.follow(false);
            return new KeptProcess(linux, directory, keeper, process, false);
        } catch (RuntimeFailure e) {
            keeper.forget(process.number());
            throw e;
        } catch (LinuxException e) {
            keeper.forget(process.number());
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.FAILED, "unable to start container process: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sealed.close();
        planner.close();
    }
}
