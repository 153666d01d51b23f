package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells a pid from its next use. */
public final class ProcessStat {
    private static final int START_TIME = 19;

    private ProcessStat() {}

    /** Whether it has ended and only waits for its parent to notice. */
    public static boolean isZombie(int pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Clock ticks since boot at which a process started (field 22 of {@code /proc/PID/stat}); 0 if there is none. */
    public static long startTime(int pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(afterName[START_TIME]);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** A pidfd of a container's init if that still is the same process, else null. */
    static @Nullable Fd reopen(Linux linux, StateFile file) throws IOException {
        try {
            Fd pidfd = linux.processes().pidfdOpen(file.initProcessPid());
            if (startTime(file.initProcessPid()) == file.initProcessStart()) {
                return pidfd;
            }
            pidfd.close();
            return null;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ESRCH) {
                return null;
            }
            throw e;
        }
    }
}
