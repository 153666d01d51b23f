package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Failpoint;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.spec.oci.runtime.IntelRdt;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What there is so far of a container that is being made; whatever fails, nothing is left behind. */
final class Unfinished {
    private static final Duration DEATH = Duration.ofSeconds(10);

    private final KeptContainers runtime;
    private final CreateRequest request;
    private @Nullable StateDirectory directory;
    private @Nullable Cgroup groups;
    private @Nullable ResctrlGroup shares;
    private @Nullable KeeperConnection keeper;

    Unfinished(KeptContainers runtime, CreateRequest request) {
        this.runtime = runtime;
        this.request = request;
    }

    /** A creation or a restoration. */
    interface Making {
        Container make() throws IOException, InvalidSpecException;
    }

    /** Makes the container. {@code prefix}: of the message of a failure that is no mistake of the request. */
    Container make(Making making, String prefix) throws RuntimeFailure {
        try {
            return making.make();
        } catch (RuntimeFailure e) {
            throw undone(e);
        } catch (InvalidSpecException | IllegalArgumentException e) {
            throw undone(new RuntimeFailure(RuntimeFailure.Kind.INVALID, String.valueOf(e.getMessage()), e));
        } catch (IOException e) {
            throw undone(new RuntimeFailure(RuntimeFailure.Kind.FAILED, prefix + e.getMessage(), e));
        }
    }

    /** Makes all but the processes. */
    Parts begin(Bundle bundle) throws IOException {
        Spec spec = bundle.spec();
        StateDirectory made = StateDirectory.create(runtime.linux, runtime.config.root(), request.id());
        directory = made;
        made.write("config.json", bundle.json()); // first: it tells a discard what else there may be
        Cgroup entered = runtime.config
                .cgroups()
                .create(request.id(), spec, request.options().systemdCgroup());
        groups = entered;
        Failpoint.at("runtime.create.groups");
        shares = shares(spec);
        if (request.options().notifySocket()) {
            spec = Notifications.in(spec, made.makeNotify());
        }
        KeeperConnection forked = new KeeperConnection(runtime.linux, runtime.poller, runtime.zygote.fork());
        keeper = forked;
        Failpoint.at("runtime.create.forked");
        ContainerState state = new ContainerState(
                spec.ociVersion() == null ? "1.0.2" : spec.ociVersion(),
                request.id(),
                0,
                Status.CREATING,
                request.bundle(),
                bundle.rootfs(),
                Instant.now(),
                spec.annotations(),
                runtime.linux.processes().geteuid());
        return new Parts(made, entered, shares, forked, spec, state);
    }

    private @Nullable ResctrlGroup shares(Spec spec) throws IOException {
        IntelRdt wanted = spec.linux() == null ? null : spec.linux().intelRdt();
        if (wanted == null) {
            return null;
        }
        return runtime.resctrl()
                .orElseThrow(() ->
                        new IllegalArgumentException("intelRdt is specified in config, but Intel RDT is not enabled"))
                .create(request.id(), wanted);
    }

    /** Removes it all; failures of that are added to the one that led here. */
    private RuntimeFailure undone(RuntimeFailure failure) {
        try {
            if (keeper != null) {
                keeper.ask(KeeperMessage.Request.QUIT, 0, 1).discard();
                awaitDeath(keeper.track(0));
                keeper.close();
            }
            if (groups != null) {
                groups.delete();
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
        return failure;
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
