package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where containers get their control groups from. */
public interface CgroupSource {
    /** Makes the groups, which nobody may be in, and applies the spec's limits; leaves nothing behind when it fails. */
    Cgroup create(String id, Spec spec, boolean systemd) throws IOException;

    /** Those that {@link #create} makes, found again in the way they were made, without any limit. */
    Cgroup find(String id, Spec spec) throws IOException;

    /** Those of a container made earlier, by {@link Cgroup#paths()} and {@link Cgroup#unit()}, null if they have none. */
    Cgroup load(Map<String, String> paths, @Nullable String unit) throws IOException;

    /** What is mounted. */
    CgroupLayout layout() throws IOException;
}
