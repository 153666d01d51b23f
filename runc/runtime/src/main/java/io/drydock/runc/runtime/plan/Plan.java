package io.drydock.runc.runtime.plan;

import io.drydock.linux.Fd;
import java.util.List;

/**
 * All that is done for one process, validated and in order. Steps are numbered over the three sections, first the keeper's.
 *
 * @param cloneFlags new namespaces
 * @param cgroupSlot a cgroup v2 directory in which the first process is born if the kernel lets it, or {@link #NO_SLOT}
 * @param slots the descriptors the steps refer to; borrowed from whoever built the plan
 * @param keeper done by the keeper
 * @param pre done by a process in between, if not empty: joins pid, time and user namespaces before it clones
 * @param stage done by what becomes the program
 */
public record Plan(
        long cloneFlags, int cgroupSlot, List<Fd> slots, List<Step> keeper, List<Step> pre, List<Step> stage) {
    public static final int NO_SLOT = -1;

    public Plan {
        slots = List.copyOf(slots);
        keeper = List.copyOf(keeper);
        pre = List.copyOf(pre);
        stage = List.copyOf(stage);
    }

    /** The step of a number that the keeper reported. */
    public Step step(int index) {
        if (index < keeper.size()) {
            return keeper.get(index);
        }
        int i = index - keeper.size();
        return i < pre.size() ? pre.get(i) : stage.get(i - pre.size());
    }
}
