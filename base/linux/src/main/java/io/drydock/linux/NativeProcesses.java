package io.drydock.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Processes, by system call and {@code posix_spawn}. */
final class NativeProcesses implements ProcessCalls {
    private static final int PR_SET_NAME = 15;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;
    private static final long PIDFD_INFO_EXIT = 8;

    private static int id(int nr) {
        return (int) Sys.raw(nr, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public int getpid() {
        return id(Nr.GETPID);
    }

    @Override
    public int gettid() {
        return id(Nr.GETTID);
    }

    @Override
    public int getuid() {
        return id(Nr.GETUID);
    }

    @Override
    public int geteuid() {
        return id(Nr.GETEUID);
    }

    @Override
    public int getgid() {
        return id(Nr.GETGID);
    }

    @Override
    public int spawn(Spawn spawn) throws LinuxException {
        return PosixSpawn.start(spawn);
    }

    @Override
    public Fd pidfdOpen(int pid) throws LinuxException {
        return Sys.fd("pidfd_open", null, Nr.PIDFD_OPEN, pid, 0);
    }

    @Override
    public void pidfdSendSignal(Fd pidfd, int signal) throws LinuxException {
        Sys.call("pidfd_send_signal", null, Nr.PIDFD_SEND_SIGNAL, pidfd.number(), signal, 0, 0);
    }

    @Override
    public Fd pidfdGetfd(Fd pidfd, int targetFd) throws LinuxException {
        return Sys.fd("pidfd_getfd", null, Nr.PIDFD_GETFD, pidfd.number(), targetFd, 0);
    }

    @Override
    public Optional<ExitStatus> waitPidfd(Fd pidfd, boolean block) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(128, 8);
            int options = block ? WEXITED : WEXITED | WNOHANG;
            Sys.call("waitid", null, Nr.WAITID, P_PIDFD, pidfd.number(), info.address(), options);
            int status = info.get(ValueLayout.JAVA_INT, 24);
            return switch (info.get(ValueLayout.JAVA_INT, 8)) {
                case 1 -> Optional.of(new ExitStatus(status, 0));
                case 2, 3 -> Optional.of(new ExitStatus(0, status));
                default -> Optional.empty();
            };
        }
    }

    @Override
    public Optional<ExitStatus> exitStatus(Fd pidfd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(64, 8);
            info.set(ValueLayout.JAVA_LONG, 0, PIDFD_INFO_EXIT);
            long r = Sys.raw(Nr.IOCTL, pidfd.number(), PIDFD_GET_INFO, info.address(), 0, 0, 0);
            if (r < 0) {
                return switch ((int) -r) {
                    case Errno.ENOTTY, Errno.EINVAL, Errno.ESRCH -> Optional.empty();
                    default -> throw new LinuxException("PIDFD_GET_INFO", null, (int) -r);
                };
            }
            return (info.get(ValueLayout.JAVA_LONG, 0) & PIDFD_INFO_EXIT) == 0
                    ? Optional.empty()
                    : Optional.of(ExitStatus.ofWaitStatus(info.get(ValueLayout.JAVA_INT, 60)));
        }
    }

    @Override
    public void kill(int pid, int signal) throws LinuxException {
        Sys.call("kill", null, Nr.KILL, pid, signal);
    }

    @Override
    public void setThreadName(String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("prctl", null, Nr.PRCTL, PR_SET_NAME, Sys.string(arena, name));
        }
    }

    @Override
    public int prctl(int option, long a, long b, long c, long d) throws LinuxException {
        return (int) Sys.call("prctl", null, Nr.PRCTL, option, a, b, c, d);
    }

    @Override
    public Rlimit getRlimit(int pid, int resource) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(16, 8);
            Sys.call("prlimit", null, Nr.PRLIMIT64, pid, resource, 0, limit.address());
            return new Rlimit(limit.get(ValueLayout.JAVA_LONG, 0), limit.get(ValueLayout.JAVA_LONG, 8));
        }
    }

    @Override
    public void setRlimit(int pid, int resource, Rlimit limit) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment l = arena.allocate(16, 8);
            l.set(ValueLayout.JAVA_LONG, 0, limit.soft());
            l.set(ValueLayout.JAVA_LONG, 8, limit.hard());
            Sys.call("prlimit", null, Nr.PRLIMIT64, pid, resource, l.address(), 0);
        }
    }
}
