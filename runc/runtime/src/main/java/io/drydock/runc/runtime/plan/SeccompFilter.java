package io.drydock.runc.runtime.plan;

/** A compiled filter: {@code struct sock_filter[]} and the flags of {@code seccomp(2)}. */
public record SeccompFilter(byte[] program, int flags) {
    /** The flag that asks for a notification descriptor. */
    public static final int NEW_LISTENER = 8;
}
