package io.drydock.runc.runtime;

/** A container's status as the runtime spec names it; print {@link #word()}. */
public enum Status {
    CREATING,
    CREATED,
    RUNNING,
    PAUSED,
    STOPPED;

    /** Lower case, as in {@code state}'s JSON. */
    public String word() {
        return switch (this) {
            case CREATING -> "creating";
            case CREATED -> "created";
            case RUNNING -> "running";
            case PAUSED -> "paused";
            case STOPPED -> "stopped";
        };
    }
}
