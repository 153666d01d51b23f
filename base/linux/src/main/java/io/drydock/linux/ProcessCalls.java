package io.drydock.linux;

import java.util.Optional;

/** Processes, by pidfd where possible: a pidfd never means another process later. */
public interface ProcessCalls {
    int getpid();

    int gettid();

    int getuid();

    int geteuid();

    int getgid();

    /** Starts a process; answers its pid. Its parent is this process: reap it with {@link #waitPidfd}. */
    int spawn(Spawn spawn) throws LinuxException;

    Fd pidfdOpen(int pid) throws LinuxException;

    void pidfdSendSignal(Fd pidfd, int signal) throws LinuxException;

    /** A duplicate of another process's descriptor. */
    Fd pidfdGetfd(Fd pidfd, int targetFd) throws LinuxException;

    /**
     * Reaps a child. With {@code block} false the answer is empty while it runs (or use the {@link Poller}: a pidfd becomes
     * readable). Not for a virtual thread with {@code block} true.
     */
    Optional<ExitStatus> waitPidfd(Fd pidfd, boolean block) throws LinuxException;

    /**
     * The exit status of a process that need not be a child, also after its parent reaped it; the pidfd must have been opened
     * before that. Empty while it runs, or on a kernel that cannot tell (before 6.15).
     */
    Optional<ExitStatus> exitStatus(Fd pidfd) throws LinuxException;

    /** Signal 0 only asks whether the process exists. A negative pid names a process group. */
    void kill(int pid, int signal) throws LinuxException;

    /** The name of the calling thread as {@code ps} shows it; the first 15 bytes count. */
    void setThreadName(String name) throws LinuxException;

    /** {@code prctl(2)} with plain numbers. */
    int prctl(int option, long a, long b, long c, long d) throws LinuxException;

    /** Makes this process the parent of orphaned descendants. */
    default void setChildSubreaper() throws LinuxException {
        prctl(36, 1, 0, 0, 0);
    }

    /** A process's limit (pid 0: ours); {@code resource} as in {@code RLIMIT_*}. */
    Rlimit getRlimit(int pid, int resource) throws LinuxException;

    void setRlimit(int pid, int resource, Rlimit limit) throws LinuxException;

    /** A limit; -1 is unlimited. */
    record Rlimit(long soft, long hard) {}
}
