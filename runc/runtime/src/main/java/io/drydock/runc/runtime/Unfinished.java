package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What there is so far of a container that is being made; whatever fails, nothing is left behind. */
final class Unfinished {
    private static final Duration DEATH = Duration.ofSeconds(10);

    private final KeptContainers runtime;

    @Nullable
    StateDirectory directory;

    @Nullable
    Cgroup cgroup;

    @Nullable
    ResctrlGroup shares;

    @Nullable
    KeeperConnection connection;

    Unfinished(KeptContainers runtime) {
        this.runtime = runtime;
    }

    /** Removes it all; failures of that are added to the one that led here. */
    void undo(RuntimeFailure failure) {
        try {
            if (connection != null) {
                connection.ask(KeeperMessage.Request.QUIT, 0, 1).discard();
                awaitDeath(connection.track(0));
                connection.close();
            }
            if (cgroup != null) {
                cgroup.delete();
            }
            if (shares != null) {
                shares.delete();
            }
            if (directory != null) {
                directory.delete();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** So that its cgroups are empty. */
    private void awaitDeath(TrackedProcess init) throws IOException {
        Fd pidfd = init.pidfd();
        try {
            if (pidfd != null) {
                runtime.poller.await(pidfd, EventCalls.IN, DEATH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LinuxException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
        }
    }
}
