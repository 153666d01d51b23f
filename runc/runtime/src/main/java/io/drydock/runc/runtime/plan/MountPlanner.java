package io.drydock.runc.runtime.plan;

import io.drydock.linux.Ms;
import io.drydock.spec.oci.runtime.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Turns the spec's mounts into steps, in their order. Destinations are only ever resolved inside the root. */
final class MountPlanner {
    private static final Set<String> ALLOWED_IN_PROC = Set.of(
            "/proc/cpuinfo",
            "/proc/diskstats",
            "/proc/meminfo",
            "/proc/stat",
            "/proc/swaps",
            "/proc/uptime",
            "/proc/loadavg",
            "/proc/slabinfo",
            "/proc/net/dev",
            "/proc/sys/kernel/ns_last_pid",
            "/proc/sys/crypto/fips_enabled");

    private final PlanBuilder builder;
    private final int root;
    private final Path bundle;
    private final CgroupView cgroups;
    private final MappedMounts mapped;
    /** Made read-only only after devices and mount points inside exist. */
    private final List<String> readonlyLater = new ArrayList<>();

    MountPlanner(PlanBuilder builder, int root, Path bundle, CgroupView cgroups, MappedMounts mapped) {
        this.builder = builder;
        this.root = root;
        this.bundle = bundle;
        this.cgroups = cgroups;
        this.mapped = mapped;
    }

    void plan(List<Mount> mounts) throws InvalidSpecException {
        for (Mount mount : mounts) {
            plan(mount);
        }
    }

    void makeReadonly() {
        for (String path : readonlyLater) {
            builder.stage(new Op.AttributesIn(root, path, false, 1, 0, 0));
        }
    }

    private void plan(Mount mount) throws InvalidSpecException {
        Path wanted = Path.of("/").resolve(mount.destination()).normalize();
        String destination = mapped.insideRoot(wanted).toString();
        MountOptions options = MountOptions.parse(mount.options());
        String type = mount.type() == null ? "" : mount.type();
        checkProc(mount, destination, type, options);
        if (options.isBind() || type.equals("bind")) {
            bind(mount, destination, options);
        } else if (type.equals("cgroup") || type.equals("cgroup2")) {
            cgroup(destination, options);
        } else {
            fileSystem(mount, type, destination, options);
        }
    }

    /** Nothing may be mounted over parts of /proc that the runtime or the kernel's protections rely on (CVE-2019-19921). */
    private void checkProc(Mount mount, String destination, String type, MountOptions options)
            throws InvalidSpecException {
        if (destination.startsWith("/proc/") && !ALLOWED_IN_PROC.contains(destination)) {
            throw new InvalidSpecException("\"" + destination + "\" cannot be mounted because it is inside /proc");
        }
        boolean bind = options.isBind() || type.equals("bind");
        if (destination.equals("/proc") && !(bind ? mapped.isProc(source(mount)) : type.equals("proc"))) {
            throw new InvalidSpecException("\"/proc\" cannot be mounted because it is not of type proc");
        }
    }

    private String source(Mount mount) throws InvalidSpecException {
        if (mount.source() == null || mount.source().isEmpty()) {
            throw new InvalidSpecException("bind mount " + mount.destination() + " has no source");
        }
        return bundle.resolve(mount.source()).toString();
    }

    private void bind(Mount mount, String destination, MountOptions options) throws InvalidSpecException {
        String source = source(mount);
        boolean recursive = (options.flags() & Ms.REC) != 0;
        MountOptions.Attributes a = mapped.attributes(mount, source, destination, options);
        int slot = mapped.slot(mount, source, options);
        int map = mapped.mapInside(mount, source, options);
        int bits = (recursive ? Op.BindIn.RECURSIVE : 0)
                | (slot == Plan.NO_SLOT ? 0 : Op.BindIn.DETACHED)
                | (map != Plan.NO_SLOT && options.idMappedRecursively() ? Op.BindIn.MAP_RECURSIVE : 0);
        builder.stage(new Op.BindIn(root, destination, source, slot, bits, a.set(), a.clear(), 0, map));
        if (slot != Plan.NO_SLOT) {
            builder.stage(new Op.Close(slot));
        }
        finish(destination, options);
    }

    private void finish(String destination, MountOptions options) {
        MountOptions.Attributes r = options.recursive();
        if (!r.isEmpty()) {
            builder.stage(new Op.AttributesIn(root, destination, true, r.set(), r.clear(), 0));
        }
        for (long propagation : options.propagation()) {
            boolean all = (propagation & Ms.REC) != 0;
            builder.stage(new Op.AttributesIn(root, destination, all, 0, 0, propagation & ~Ms.REC));
        }
    }

    private void fileSystem(Mount mount, String type, String destination, MountOptions options) {
        String source = mount.source() == null ? type : mount.source();
        if ((options.flags() & Ms.REMOUNT) != 0) {
            builder.stage(new Op.RemountIn(root, destination, options.flags() & ~Ms.REMOUNT, options.data()));
            return;
        }
        long flags = options.flags();
        boolean tmpfs = type.equals("tmpfs");
        if ((tmpfs || destination.equals("/dev")) && (flags & Ms.RDONLY) != 0) {
            flags &= ~Ms.RDONLY;
            readonlyLater.add(destination);
        }
        boolean kernelView = type.equals("proc") || type.equals("sysfs");
        boolean keepMode =
                tmpfs && !options.data().startsWith("mode=") && !options.data().contains(",mode=");
        int conditions = (kernelView ? Step.NO_SYMLINK : 0)
                | (keepMode ? Step.KEEP_MODE : 0)
                | (tmpfs && options.copyUp() ? Step.COPY_UP : 0);
        builder.stage(new Op.MountIn(root, destination, source, type, flags, options.data(), 0755), conditions);
        finish(destination, options);
    }

    /** The container's own part of the hierarchies, as {@link CgroupView} lays it out. */
    private void cgroup(String destination, MountOptions options) {
        long flags = Ms.NOSUID | Ms.NODEV | Ms.NOEXEC;
        boolean readonly = (options.flags() & Ms.RDONLY) != 0;
        if (cgroups.unified()) {
            fileSystemOrBind(destination, "cgroup2", "", cgroups.unifiedPath(), readonly, flags);
            return;
        }
        builder.stage(new Op.MountIn(root, destination, "tmpfs", "tmpfs", flags, "mode=755", 0755));
        for (CgroupView.Hierarchy h : cgroups.hierarchies()) {
            String path = destination + '/' + h.directory();
            String type = h.options().isEmpty() ? "cgroup2" : "cgroup";
            fileSystemOrBind(path, type, h.options(), h.path(), readonly, flags);
            for (String link : h.links()) {
                builder.stage(new Op.SymlinkIn(root, h.directory(), destination + '/' + link));
            }
        }
        if (readonly) {
            builder.stage(new Op.AttributesIn(root, destination, false, 1, 0, 0));
        }
    }

    private void fileSystemOrBind(
            String destination, String type, String data, String hostPath, boolean readonly, long flags) {
        if (cgroups.ownNamespace()) {
            builder.stage(
                    new Op.MountIn(root, destination, "cgroup", type, flags | (readonly ? Ms.RDONLY : 0), data, 0755));
        } else {
            builder.stage(new Op.BindIn(
                    root,
                    destination,
                    hostPath,
                    Plan.NO_SLOT,
                    Op.BindIn.RECURSIVE,
                    flags & 0xf | (readonly ? 1 : 0),
                    0,
                    0,
                    Plan.NO_SLOT));
        }
    }
}
