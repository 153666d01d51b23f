package io.drydock.runc.cgroups;

import io.drydock.linux.Errno;
import io.drydock.spec.oci.runtime.HugepageLimit;
import io.drydock.spec.oci.runtime.Rdma;
import java.io.IOException;
import java.nio.file.Path;

/** Limits that both versions write in the same way. */
final class Limits {
    private Limits() {}

    /** None is {@code max}. One of 0 is 1, because systemd knows no 0; either lets the container fork nothing. */
    static String pids(long limit) {
        return limit < 0 ? "max" : Long.toString(Math.max(1, limit));
    }

    /** Pages in use, and pages reserved where the kernel (5.7) counts those. */
    static void hugePages(Path group, HugepageLimit limit, String suffix) throws IOException {
        String prefix = "hugetlb." + limit.pageSize() + '.';
        String value = Long.toUnsignedString(limit.limit());
        CgroupFile.write(group.resolve(prefix + suffix), value);
        try {
            CgroupFile.write(group.resolve(prefix + "rsvd." + suffix), value);
        } catch (IOException e) {
            if (!CgroupFile.failedWith(e, Errno.ENOENT)) {
                throw e;
            }
        }
    }

    static String rdma(String device, Rdma limits) {
        return device
                + (limits.hcaHandles() == null ? "" : " hca_handle=" + limits.hcaHandles())
                + (limits.hcaObjects() == null ? "" : " hca_object=" + limits.hcaObjects());
    }

    /** Version 2 would kill processes instead of refusing. Of both limits, 0 is not given. */
    static void refuseBelowUsage(Path group, long memory, long memoryAndSwap) throws IOException {
        long usage = StatsReader.number(group.resolve("memory.current"));
        if (memoryAndSwap > 0 && memoryAndSwap <= usage) {
            throw new IOException("rejecting memory+swap limit " + memoryAndSwap + " <= usage " + usage);
        }
        if (memory > 0 && memory <= usage) {
            throw new IOException("rejecting memory limit " + memory + " <= usage " + usage);
        }
    }
}
