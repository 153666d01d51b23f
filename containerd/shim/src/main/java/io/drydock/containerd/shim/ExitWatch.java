package io.drydock.containerd.shim;

import io.drydock.linux.EventCalls;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.runc.runtime.ContainerProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when processes end. Usually the keeper says how; if the keeper itself was killed, the process goes on, and its
 * pidfd says when it ends and, from kernel 6.15 on, how.
 */
final class ExitWatch {
    private static final Logger log = LoggerFactory.getLogger(ExitWatch.class);
    private static final int UNKNOWN = 255;
    private static final Duration NOTICE = Duration.ofSeconds(2);
    private static final long LAST_EXITS_SECONDS = 10;

    private final Linux linux;
    private final Poller poller;

    ExitWatch(Linux linux, Poller poller) {
        this.linux = linux;
        this.poller = poller;
    }

    /** The exit of a process nobody could watch. */
    static Exited unknown() {
        return new Exited(UNKNOWN, Instant.now());
    }

    /** The exit of a process that was never started. */
    static Exited never() {
        return new Exited(0, Instant.EPOCH);
    }

    /** Calls back once, on a virtual thread of its own. */
    void watch(ContainerProcess process, Consumer<Exited> ended) {
        process.exit()
                .whenComplete((exit, failure) -> Thread.ofVirtual()
                        .name("exit")
                        .start(() -> ended.accept(
                                failure == null
                                        ? new Exited(exit.status().shellCode(), exit.at())
                                        : withoutKeeper(process, failure))));
    }

    private Exited withoutKeeper(ContainerProcess process, Throwable failure) {
        log.warn("nobody says how pid {} ends: {}", process.pid(), failure.getMessage());
        try {
            poller.await(process.pidfd(), EventCalls.IN);
            Instant ended = Instant.now();
            Optional<ExitStatus> status = linux.processes().exitStatus(process.pidfd());
            if (status.isEmpty()) {
                // the kernel says how once the new parent, who may be busy, has taken notice; a hang-up tells that it
                // has
                poller.await(process.pidfd(), EventCalls.HUP, NOTICE);
                status = linux.processes().exitStatus(process.pidfd());
            }
            return new Exited(status.map(ExitStatus::shellCode).orElse(UNKNOWN), ended);
        } catch (IOException e) {
            log.warn("wait for pid {}: {}", process.pid(), e.getMessage());
            return unknown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown();
        }
    }

    /** Waits for the exit of a process that is dying. */
    static void awaitExit(TaskProcess process) {
        try {
            process.exit.get(LAST_EXITS_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            log.warn("exec {} outlives its container", process.execId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("exits are never exceptional", e);
        }
    }
}
