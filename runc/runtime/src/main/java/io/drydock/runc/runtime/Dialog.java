package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.Failures;
import io.drydock.runc.runtime.plan.Plan;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a process on its way to a goal: warnings are passed on, a failure becomes an exception with runc's words. */
final class Dialog {
    /** Generous: a mount may wait for a slow server, a hook for anything. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final TrackedProcess process;
    private final Words words;
    private final Consumer<String> warnings;
    private final SeccompListener listener;

    /** What the failure of a plan's step is called. */
    interface Words {
        String failure(int step, int errno, int detail);

        default String warning(int step, int errno, int detail) {
            return failure(step, errno, detail);
        }

        static Words of(Plan plan) {
            return new Words() {
                @Override
                public String failure(int step, int errno, int detail) {
                    return Failures.describe(plan, step, errno, detail);
                }

                @Override
                public String warning(int step, int errno, int detail) {
                    return Failures.warning(plan, step, errno, detail);
                }
            };
        }
    }

    /** {@code listener} takes over a seccomp notification descriptor. */
    Dialog(TrackedProcess process, Words words, Consumer<String> warnings, SeccompListener listener) {
        this.process = process;
        this.words = words;
        this.warnings = warnings;
        this.listener = listener;
    }

    /** The next sync point, or -1 once the program runs. */
    int next() throws RuntimeFailure {
        String failure = "";
        while (true) {
            switch (message()) {
                case null -> throw failed("the keeper does not answer");
                case KeeperMessage.Reached reached -> {
                    return reached.point();
                }
                case KeeperMessage.Running running -> {
                    return -1;
                }
                case KeeperMessage.Failed f -> failure = words.failure(f.step(), f.errno(), f.detail());
                case KeeperMessage.Warning w -> warnings.accept(words.warning(w.step(), w.errno(), w.detail()));
                case KeeperMessage.Listener l -> listener.accept(l.fd());
                case KeeperMessage.Exited exited ->
                    throw failed(
                            failure.isEmpty()
                                    ? "container init ended: " + exited.exit().status()
                                    : failure);
                case KeeperMessage.Refused refused ->
                    throw failed("the keeper refuses: " + Errno.describe(refused.errno()));
                case KeeperMessage.Gone gone -> throw failed(failure.isEmpty() ? "the keeper ended" : failure);
                case KeeperMessage.Cloned cloned -> {}
                case KeeperMessage.State state -> state.discard();
                case KeeperMessage.Lent lent -> lent.discard();
            }
        }
    }

    private @Nullable KeeperMessage message() throws RuntimeFailure {
        try {
            return process.next(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "interrupted", e);
        }
    }

    private static RuntimeFailure failed(String message) {
        return new RuntimeFailure(RuntimeFailure.Kind.FAILED, "unable to start container process: " + message);
    }
}
