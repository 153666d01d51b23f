package io.drydock.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pipes, by system call. */
final class NativePipes implements PipeCalls {
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETPIPE_SZ = 1031;

    @Override
    public Pipe pipe(int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment two = arena.allocate(8, 4);
            Sys.call("pipe2", null, Nr.PIPE2, two.address(), flags | O.CLOEXEC);
            return new Pipe(Fd.owning(two.get(ValueLayout.JAVA_INT, 0)), Fd.owning(two.get(ValueLayout.JAVA_INT, 4)));
        }
    }

    @Override
    public Fd duplicate(Fd fd) throws LinuxException {
        return Sys.fd("dup", null, Nr.FCNTL, fd.number(), F_DUPFD_CLOEXEC, 3);
    }

    @Override
    public void setNonBlocking(Fd fd, boolean nonBlocking) throws LinuxException {
        int flags = statusFlags(fd);
        int wanted = nonBlocking ? flags | O.NONBLOCK : flags & ~O.NONBLOCK;
        if (wanted != flags) {
            Sys.call("fcntl", null, Nr.FCNTL, fd.number(), F_SETFL, wanted);
        }
    }

    @Override
    public int statusFlags(Fd fd) throws LinuxException {
        return (int) Sys.call("fcntl", null, Nr.FCNTL, fd.number(), F_GETFL);
    }

    @Override
    public int setPipeSize(Fd pipe, int bytes) throws LinuxException {
        return (int) Sys.call("fcntl", null, Nr.FCNTL, pipe.number(), F_SETPIPE_SZ, bytes);
    }

    @Override
    public void setCloseOnExec(Fd fd, boolean closeOnExec) throws LinuxException {
        Sys.call("fcntl", null, Nr.FCNTL, fd.number(), F_SETFD, closeOnExec ? 1 : 0);
    }

    @Override
    public long splice(Fd from, Fd to, long length, int flags) throws LinuxException {
        return Sys.call("splice", null, Nr.SPLICE, from.number(), 0, to.number(), 0, length, flags);
    }

    @Override
    public long tee(Fd from, Fd to, long length, int flags) throws LinuxException {
        return Sys.call("tee", null, Nr.TEE, from.number(), to.number(), length, flags);
    }
}
