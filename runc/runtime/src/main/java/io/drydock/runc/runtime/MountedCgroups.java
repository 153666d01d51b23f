package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.runc.cgroups.Systemd;
import io.drydock.runc.cgroups.UserNamespace;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups made in the hierarchies that are mounted on this system; those are looked up once. */
final class MountedCgroups implements CgroupSource {
    private static final Resources UNLIMITED =
            new Resources(List.of(), null, null, null, null, List.of(), null, Map.of(), Map.of());

    private final io.drydock.linux.Linux kernel;
    private final Path keeper;
    private final boolean rootless;
    private @Nullable Systemd systemd;
    private @Nullable CgroupLayout layout;

    /** {@code rootless}: go on without groups where we may not make them, as long as none were asked for. */
    MountedCgroups(io.drydock.linux.Linux kernel, Path keeper, boolean rootless) {
        this.kernel = kernel;
        this.keeper = keeper;
        this.rootless = rootless;
    }

    /** With that systemd, instead of the one that runs this system. */
    MountedCgroups with(Systemd other) {
        MountedCgroups changed = new MountedCgroups(kernel, keeper, rootless);
        changed.systemd = other;
        return changed;
    }

    /** Whether this process may be unable to make groups: it is no root, or one of a user namespace only. */
    static boolean isRootless(io.drydock.linux.Linux linux) {
        return linux.processes().geteuid() != 0 || UserNamespace.isOwn();
    }

    @Override
    public synchronized CgroupLayout layout() throws IOException {
        if (layout == null) {
            layout = CgroupLayout.read();
        }
        return layout;
    }

    @Override
    public Cgroup create(String id, Spec spec, boolean systemd) throws IOException {
        Linux linux = spec.linux();
        Resources wanted = linux == null ? null : linux.resources();
        Cgroup cgroup = systemd ? scope(id, spec) : find(id, spec);
        int others = systemd || cgroup.paths().isEmpty() ? 0 : cgroup.pids().size();
        if (others > 0) {
            throw new IOException("container's cgroup is not empty: " + others + " process(es) found");
        }
        try {
            // also denies the devices that are not allowed
            cgroup.apply(wanted == null ? UNLIMITED : wanted, !rootless);
            return cgroup;
        } catch (IOException e) {
            cgroup.delete();
            throw e;
        }
    }

    /** A new scope has nobody in it but the placeholder. */
    private Cgroup scope(String id, Spec spec) throws IOException {
        String path = spec.linux() == null ? null : spec.linux().cgroupsPath();
        Systemd manager = systemd();
        Placeholder placeholder = new Placeholder(kernel, keeper);
        try {
            Cgroup.Scope scope = new Cgroup.Scope(path, id, spec.annotations(), rootless);
            return Cgroup.create(layout(), manager, scope, placeholder.pid(), placeholder::close);
        } catch (IOException e) {
            placeholder.close();
            throw e;
        }
    }

    private synchronized Systemd systemd() throws IOException {
        if (systemd == null) {
            systemd = Systemd.running(kernel);
        }
        return systemd;
    }

    private static boolean limits(Resources wanted) {
        return wanted.memory() != null
                || wanted.cpu() != null
                || wanted.pids() != null
                || wanted.blockIO() != null
                || !wanted.hugepageLimits().isEmpty()
                || !wanted.rdma().isEmpty()
                || !wanted.unified().isEmpty();
    }

    @Override
    public Cgroup find(String id, Spec spec) throws IOException {
        Linux linux = spec.linux();
        String path = linux == null ? null : linux.cgroupsPath();
        Resources wanted = linux == null ? null : linux.resources();
        return rootless && (path == null || path.isEmpty())
                ? Cgroup.createIfPermitted(layout(), id, wanted != null && limits(wanted))
                : Cgroup.create(layout(), path, id);
    }

    @Override
    public Cgroup load(Map<String, String> paths, @Nullable String unit) throws IOException {
        return unit == null ? Cgroup.load(layout(), paths) : Cgroup.load(layout(), paths, systemd(), unit);
    }
}
