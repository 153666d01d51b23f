package io.drydock.runc.runtime;

import io.drydock.linux.Linux;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container is made of besides its processes.
 *
 * @param keeper may be gone
 * @param spec the bundle's, with what the request adds
 * @param state of when it was made, or read: pid and status are asked for
 */
record Parts(
        StateDirectory directory,
        Cgroup groups,
        @Nullable ResctrlGroup shares,
        KeeperConnection keeper,
        Spec spec,
        ContainerState state) {

    /** Files to which a process writes {@code 0} to be in the container's groups. */
    List<String> entryFiles() {
        List<String> files = new ArrayList<>(groups.entryFiles());
        if (shares != null) {
            files.addAll(shares.entryFiles());
        }
        return files;
    }

    SeccompListener listener(Linux linux) {
        return new SeccompListener(linux, spec, () -> state.with(keeper.track(0).pid(), Status.RUNNING));
    }

    /** Its init is there, in its groups: with its state written it is a container. */
    Container finish(KeptContainers runtime, Status status) throws IOException {
        groups.entered();
        ContainerState reached = state.with(keeper.track(0).pid(), status);
        directory.write(
                "state.json", StateFile.of(reached, spec, groups, shares).toJson());
        return new KeptContainer(runtime, new Parts(directory, groups, shares, keeper, spec, reached));
    }
}
