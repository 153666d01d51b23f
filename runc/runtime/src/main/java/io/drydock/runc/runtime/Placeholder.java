package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Spawn;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that does nothing until it is closed, or until this program ends: systemd makes no scope without one. */
final class Placeholder implements AutoCloseable {
    private final Linux linux;
    private final Fd holder;
    private final Fd pidfd;
    private final int pid;

    Placeholder(Linux linux, Path keeper) throws LinuxException {
        this.linux = linux;
        Pipe pipe = linux.pipes().pipe(0);
        this.holder = pipe.write();
        try (Fd read = pipe.read()) {
            List<String> words = List.of("keeper", "placeholder");
            this.pid = linux.processes()
                    .spawn(new Spawn(keeper.toString(), words, List.of(), Map.of(0, read), null, true));
            this.pidfd = linux.processes().pidfdOpen(pid);
        } catch (LinuxException e) {
            holder.close();
            throw e;
        }
    }

    int pid() {
        return pid;
    }

    @Override
    public void close() {
        holder.close();
        Thread.ofPlatform().daemon().name("placeholder").start(this::reap);
    }

    private void reap() {
        try (pidfd) {
            linux.processes().waitPidfd(pidfd, true);
        } catch (LinuxException e) {
            // somebody else has reaped it
        }
    }
}
