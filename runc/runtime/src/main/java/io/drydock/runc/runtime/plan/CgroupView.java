package io.drydock.runc.runtime.plan;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.spec.oci.runtime.Spec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plan needs to know of the container's control groups.
 *
 * @param unified cgroup v2 only
 * @param ownNamespace the container has a cgroup namespace of its own
 * @param unifiedPath the container's directory of the unified hierarchy on the host, empty if there is none
 * @param hierarchies the v1 hierarchies (and a hybrid's unified one) in which the container has a directory
 */
public record CgroupView(boolean unified, boolean ownNamespace, String unifiedPath, List<Hierarchy> hierarchies) {
    public CgroupView {
        hierarchies = List.copyOf(hierarchies);
    }

    /** Whether a container has a cgroup namespace of its own. */
    public static boolean isOwn(Spec spec) {
        return spec.linux() != null
                && spec.linux().namespaces().stream()
                        .anyMatch(namespace -> namespace.type().equals("cgroup"));
    }

    /** Of a container's groups; {@code ownNamespace}: it has a cgroup namespace of its own. */
    public static CgroupView of(CgroupLayout layout, Cgroup cgroup, boolean ownNamespace) {
        List<Hierarchy> hierarchies = new ArrayList<>();
        for (CgroupLayout.Hierarchy h : layout.hierarchies()) {
            String path = cgroup.paths().get(h.name());
            if (path != null) {
                String directory = h.mountPoint().getFileName().toString();
                List<String> links = h.controllers().size() > 1 ? h.controllers() : List.of();
                hierarchies.add(new Hierarchy(directory, h.name(), path, links));
            }
        }
        String unified = cgroup.paths().getOrDefault("", "");
        return new CgroupView(layout.isUnified(), ownNamespace, unified, hierarchies);
    }

    /**
     * @param directory its name below {@code /sys/fs/cgroup}, for example {@code cpu,cpuacct}
     * @param options mount options, for example {@code cpu,cpuacct} or {@code name=systemd}; empty for a hybrid's unified one
     * @param path the container's directory on the host
     * @param links other names, for example {@code cpu}
     */
    public record Hierarchy(String directory, String options, String path, List<String> links) {
        public Hierarchy {
            links = List.copyOf(links);
        }
    }
}
