package io.drydock.containerd.shim;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.runtime.Container;
import java.io.IOException;

/** Who says that a container runs out of memory: the kernel, or a test. */
interface OomSource {
    /** Calls back each time, on a thread that must not be kept waiting, until the watch is closed. */
    Cgroup.Watch watch(Container container, Runnable callback) throws IOException;
}
