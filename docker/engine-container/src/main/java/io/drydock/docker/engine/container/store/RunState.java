package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.Json;

/**
 * How far a container is.
 *
 * @param status the status
 * @param pid of the init on the host; 0 if there is none
 * @param exitCode of the last run
 * @param error why the last start failed; empty if it did not
 * @param oomKilled whether the kernel's memory killer ended the last run
 * @param startedAt RFC 3339; {@link #NEVER} before the first start
 * @param finishedAt RFC 3339; {@link #NEVER} before the first end
 * @param restartCount how often the restart policy started it since the last start by hand
 * @param stoppedByHand whether stop or kill ended it, so that the restart policy leaves it alone
 */
@Json
public record RunState(
        Status status,
        int pid,
        int exitCode,
        String error,
        boolean oomKilled,
        String startedAt,
        String finishedAt,
        int restartCount,
        boolean stoppedByHand) {

    /** Go's zero time. */
    public static final String NEVER = "0001-01-01T00:00:00Z";

    /** A container that was made and never started. */
    public static final RunState NEW = new RunState(Status.CREATED, 0, 0, "", false, NEVER, NEVER, 0, false);

    /** The states of a container. */
    public enum Status {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        REMOVING,
        EXITED,
        DEAD;

        /** The state as the API says it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Whether it has a task: running or paused. */
    public boolean alive() {
        return status == Status.RUNNING || status == Status.PAUSED;
    }

    /** The same in another status. */
    public RunState in(Status other) {
        return new RunState(other, pid, exitCode, error, oomKilled, startedAt, finishedAt, restartCount, stoppedByHand);
    }

    /** A run that has begun. */
    public RunState started(int newPid, String at) {
        return new RunState(Status.RUNNING, newPid, 0, "", false, at, finishedAt, restartCount, false);
    }

    /** A start that failed; the status goes back to what it was. */
    public RunState failed(Status before, int code, String why) {
        return new RunState(before, 0, code, why, false, startedAt, finishedAt, restartCount, stoppedByHand);
    }

    /** A run that has ended. */
    public RunState finished(Status next, int code, boolean oom, String at) {
        return new RunState(next, 0, code, error, oom, startedAt, at, restartCount, stoppedByHand);
    }

    /** The same with another restart count. */
    public RunState restarts(int count) {
        return new RunState(status, pid, exitCode, error, oomKilled, startedAt, finishedAt, count, stoppedByHand);
    }

    /** The same, stopped by hand or not. */
    public RunState byHand(boolean stopped) {
        return new RunState(status, pid, exitCode, error, oomKilled, startedAt, finishedAt, restartCount, stopped);
    }

    /** The same, marked by the memory killer. */
    public RunState oom() {
        return new RunState(status, pid, exitCode, error, true, startedAt, finishedAt, restartCount, stoppedByHand);
    }
}
