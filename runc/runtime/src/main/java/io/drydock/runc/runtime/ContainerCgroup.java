package io.drydock.runc.runtime;

import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the lifecycle needs of a container's control groups. */
public interface ContainerCgroup {
    /** Makes and finds the groups of containers. */
    interface Factory {
        /** Makes the groups and applies the spec's limits. Fails if they are frozen; leaves nothing behind when it fails. */
        ContainerCgroup create(String id, Spec spec, boolean systemd) throws IOException;

        /** Those of a container made earlier, by the directories of {@link ContainerCgroup#paths()}. */
        ContainerCgroup load(String id, Spec spec, Map<String, String> paths) throws IOException;
    }

    /** Absolute directories by controller name; the empty name is the unified hierarchy. */
    Map<String, String> paths();

    /** What the plan needs; {@code ownNamespace}: the container has a cgroup namespace. */
    CgroupView view(boolean ownNamespace);

    /** Applies limits to what runs. */
    void update(Resources resources) throws IOException;

    /** Pids of all processes, of sub-groups too. */
    List<Integer> pids() throws IOException;

    /** Stops all processes; returns once they have stopped. */
    void freeze() throws IOException;

    void thaw() throws IOException;

    boolean isFrozen() throws IOException;

    /** Sends a signal to all processes, without missing one that is just being forked if it is SIGKILL. */
    void signalAll(int signal) throws IOException;

    /** Removes the groups once they are empty; already being gone is fine. */
    void delete() throws IOException;
}
