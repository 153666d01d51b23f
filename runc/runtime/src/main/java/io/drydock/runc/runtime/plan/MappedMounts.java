package io.drydock.runc.runtime.plan;

import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.StatFs;
import io.drydock.runc.runtime.plan.NamespacePlanner.Kind;
import io.drydock.spec.oci.runtime.IdMapping;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Mount;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Binds whose source must be opened with the rights of the host's root: those of a container in a user namespace, which may
 * not reach them, and those whose ids are mapped. Each is copied, detached, into a slot before anything is joined.
 */
final class MappedMounts {
    private final io.drydock.linux.Linux linux;
    private final PlanBuilder builder;
    private final Linux platform;
    private final NamespacePlanner namespaces;
    private final Path rootfs;
    private final Map<String, Integer> slotsOfMaps = new HashMap<>();

    MappedMounts(
            io.drydock.linux.Linux linux,
            PlanBuilder builder,
            Linux platform,
            NamespacePlanner namespaces,
            Path rootfs) {
        this.linux = linux;
        this.builder = builder;
        this.platform = platform;
        this.namespaces = namespaces;
        this.rootfs = rootfs;
    }

    /** The lines of {@code uid_map}. */
    static String text(List<IdMapping> mappings) {
        StringBuilder map = new StringBuilder();
        for (IdMapping m : mappings) {
            map.append(m.containerID())
                    .append(' ')
                    .append(m.hostID())
                    .append(' ')
                    .append(m.size())
                    .append('\n');
        }
        return map.toString();
    }

    /** A destination that was written as a path of the host below the root, as one of the container. */
    Path insideRoot(Path destination) {
        return destination.startsWith(rootfs) && !rootfs.equals(Path.of("/"))
                ? Path.of("/").resolve(rootfs.relativize(destination)).normalize()
                : destination;
    }

    /** Whether a path of the host is on a /proc file system. */
    boolean isProc(String path) throws InvalidSpecException {
        try {
            return linux.files().statfs(path).type() == StatFs.PROC_MAGIC;
        } catch (LinuxException e) {
            throw new InvalidSpecException("error mounting \"" + path + "\": " + e.getMessage());
        }
    }

    /** The slot of a detached copy, or {@link Plan#NO_SLOT} if the container may open the source itself. */
    int slot(Mount mount, String source, MountOptions options) throws InvalidSpecException {
        boolean mapped = isMapped(mount, options);
        // an ordinary user is root of the namespace and reaches the same files, but may not copy mounts outside of it
        // what an earlier mount put into the root is there only in the container's own view
        boolean inside = isInside(source);
        if (isMappedInside(mount, source, options)
                || !mapped
                        && (inside
                                || !namespaces.has(Kind.USER)
                                || linux.processes().geteuid() != 0)) {
            return Plan.NO_SLOT;
        }
        int map = mapped ? map(mount) : Plan.NO_SLOT;
        int slot = builder.slotToBeMade();
        boolean recursive = (options.flags() & io.drydock.linux.Ms.REC) != 0;
        int bits =
                (recursive ? Op.BindIn.RECURSIVE : 0) | (options.idMappedRecursively() ? Op.BindIn.MAP_RECURSIVE : 0);
        builder.host(new Op.OpenTree(source, slot, bits, map));
        return slot;
    }

    private static boolean isMapped(Mount mount, MountOptions options) {
        return options.idMapped()
                || !mount.uidMappings().isEmpty()
                || !mount.gidMappings().isEmpty();
    }

    private boolean isInside(String source) {
        return Path.of(source).normalize().startsWith(rootfs);
    }

    /** Whether ids are mapped of something that an earlier mount may have brought, by one who has the right to. */
    private boolean isMappedInside(Mount mount, String source, MountOptions options) {
        return isMapped(mount, options) && isInside(source) && !namespaces.has(Kind.USER);
    }

    /** The slot of the user namespace that maps a source inside the root, {@link Plan#NO_SLOT} if none does. */
    int mapInside(Mount mount, String source, MountOptions options) throws InvalidSpecException {
        return isMappedInside(mount, source, options) ? map(mount) : Plan.NO_SLOT;
    }

    /** The attributes of a bind: in a user namespace some of the source's cannot be changed. */
    MountOptions.Attributes attributes(Mount mount, String source, String destination, MountOptions options)
            throws InvalidSpecException {
        MountOptions.Attributes wanted = options.attributesOfBind();
        return namespaces.has(Kind.USER) && options.flagged()
                ? new LockedFlags(mount.options()).keep(linux, source, destination, wanted)
                : wanted;
    }

    private int map(Mount mount) throws InvalidSpecException {
        if (mount.uidMappings().isEmpty() && mount.gidMappings().isEmpty()) {
            String path = namespaces.path(Kind.USER);
            return path.isEmpty() ? made(platform.uidMappings(), platform.gidMappings(), mount) : joined(path);
        }
        return made(mount.uidMappings(), mount.gidMappings(), mount);
    }

    private int joined(String path) throws InvalidSpecException {
        try {
            return builder.ownedSlot(linux.files().open(path, O.RDONLY));
        } catch (LinuxException e) {
            throw new InvalidSpecException("failed to open existing userns for id-mapping: " + e.getMessage());
        }
    }

    private int made(List<IdMapping> uids, List<IdMapping> gids, Mount mount) throws InvalidSpecException {
        if (uids.isEmpty() || gids.isEmpty()) {
            throw new InvalidSpecException("invalid mount " + mount.destination()
                    + ": id-mapped mounts must have both uid and gid mappings specified");
        }
        String uidMap = text(uids);
        String gidMap = text(gids);
        Integer known = slotsOfMaps.get(uidMap + '/' + gidMap);
        if (known != null) {
            return known;
        }
        int slot = builder.slotToBeMade();
        builder.host(new Op.UserNamespace(uidMap, gidMap, slot));
        slotsOfMaps.put(uidMap + '/' + gidMap, slot);
        return slot;
    }
}
