package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups made in the hierarchies that are mounted on this system; those are looked up once. */
final class MountedCgroups implements CgroupSource {
    private static final Resources UNLIMITED =
            new Resources(List.of(), null, null, null, null, List.of(), null, Map.of(), Map.of());

    private @Nullable CgroupLayout layout;

    @Override
    public synchronized CgroupLayout layout() throws IOException {
        if (layout == null) {
            layout = CgroupLayout.read();
        }
        return layout;
    }

    @Override
    public Cgroup create(String id, Spec spec, boolean systemd) throws IOException {
        if (systemd) {
            throw new IOException("systemd cgroup driver is not supported");
        }
        Linux linux = spec.linux();
        Cgroup cgroup = find(id, spec);
        int others = cgroup.pids().size();
        if (others > 0) {
            throw new IOException("container's cgroup is not empty: " + others + " process(es) found");
        }
        try {
            Resources limits = linux == null ? null : linux.resources();
            cgroup.apply(limits == null ? UNLIMITED : limits, true); // also denies the devices that are not allowed
            return cgroup;
        } catch (IOException e) {
            cgroup.delete();
            throw e;
        }
    }

    @Override
    public Cgroup find(String id, Spec spec) throws IOException {
        Linux linux = spec.linux();
        return Cgroup.create(layout(), linux == null ? null : linux.cgroupsPath(), id);
    }

    @Override
    public Cgroup load(Map<String, String> paths) throws IOException {
        return Cgroup.load(layout(), paths);
    }
}
