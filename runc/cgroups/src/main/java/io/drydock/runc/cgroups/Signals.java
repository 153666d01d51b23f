package io.drydock.runc.cgroups;

import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import java.util.List;

/** Kills what is listed; who is gone already does not matter. */
final class Signals {
    private static final int SIGKILL = 9;

    private Signals() {}

    static void kill(List<Integer> pids) throws LinuxException {
        for (int pid : pids) {
            try {
                Linux.system().processes().kill(pid, SIGKILL);
            } catch (LinuxException e) {
                if (e.errno() != Errno.ESRCH) {
                    throw e;
                }
            }
        }
    }
}
