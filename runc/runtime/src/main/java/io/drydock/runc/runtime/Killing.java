package io.drydock.runc.runtime;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.runc.runtime.RuntimeFailure.Kind;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import java.io.IOException;
import java.time.Duration;

/** Sends signals to a container's processes, and sees to their end. */
final class Killing {
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;

    private final KeptContainers runtime;
    private final Parts parts;
    private final TrackedProcess init;

    Killing(KeptContainers runtime, Parts parts) {
        this.runtime = runtime;
        this.parts = parts;
        this.init = parts.keeper().track(0);
    }

    /** Whether init has ended. */
    interface Ended {
        boolean ask() throws RuntimeFailure;
    }

    void kill(int signal, Ended ended) throws RuntimeFailure {
        if (signal == SIGKILL && sharesPids()) {
            all(signal); // init may be gone, and the others not
        } else if (ended.ask()) {
            throw new RuntimeFailure(Kind.FAILED_PRECONDITION, "container not running");
        } else {
            init(signal);
        }
        thawToDie(signal);
    }

    /** Kills what lives, and waits for init's end. */
    void end(Ended ended) throws IOException {
        killUnlessDead(ended);
        awaitDeath();
    }

    /** Whether its processes may outlive its init. */
    boolean sharesPids() {
        return parts.spec().linux() == null
                || parts.spec().linux().namespaces().stream()
                        .noneMatch(n -> n.type().equals("pid")
                                && (n.path() == null || n.path().isEmpty()));
    }

    /** Sends a signal to init alone. */
    void init(int signal) throws RuntimeFailure {
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
        Attempt.to("thaw", () -> {
            if (signal == SIGKILL && parts.groups().isFrozen()) {
                parts.groups().thaw();
            }
        });
    }

    /** Sends a signal to each process. */
    void all(int signal) throws RuntimeFailure {
        Attempt.to("kill all", () -> {
            if (signal == SIGKILL) {
                parts.groups().kill();
                return;
            }
            for (int pid : parts.groups().pids()) {
                runtime.linux.processes().kill(pid, signal);
            }
        });
    }

    /** It may end by itself after its status was asked for. */
    private void killUnlessDead(Ended ended) throws IOException {
        try {
            kill(SIGKILL, ended);
        } catch (RuntimeFailure e) {
            if (e.kind() != Kind.FAILED_PRECONDITION) {
                throw e;
            }
            if (sharesPids()) {
                parts.groups().kill();
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
}
