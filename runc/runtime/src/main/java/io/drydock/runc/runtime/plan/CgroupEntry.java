package io.drydock.runc.runtime.plan;

import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import java.nio.file.Path;

/**
 * How the first process of a plan enters its control groups. A thread enters a v1 group cheaply through {@code tasks}; whoever
 * moves a whole process through {@code cgroup.procs}, which is the only way into a cgroup v2, makes the kernel wait for an RCU
 * grace period (15 ms and more). So the process is born there instead, as {@code CLONE_INTO_CGROUP} of clone3(2) has it; where
 * the kernel refuses that, it writes after all, and the error of the write is the one that is told.
 */
final class CgroupEntry {
    private static final String PROCESSES = "cgroup.procs";

    private final Linux linux;
    private final PlanBuilder builder;

    CgroupEntry(Linux linux, PlanBuilder builder) {
        this.linux = linux;
        this.builder = builder;
    }

    /** The step that enters by this file, if the process is not born there. */
    Step step(String file) {
        Path path = Path.of(file);
        Path group = path.getParent();
        if (group == null || !path.endsWith(PROCESSES) || builder.cgroupSlot != Plan.NO_SLOT) {
            return written(file);
        }
        try {
            builder.cgroupSlot =
                    builder.ownedSlot(linux.files().open(group.toString(), O.PATH | O.DIRECTORY | O.CLOEXEC));
        } catch (LinuxException e) {
            return written(file); // which will say why
        }
        return new Step(new Op.Write(file, "0"), Step.UNLESS_BORN);
    }

    static Step written(String file) {
        return new Step(new Op.Write(file, "0"), 0);
    }
}
