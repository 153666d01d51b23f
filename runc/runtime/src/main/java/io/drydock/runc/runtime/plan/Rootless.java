package io.drydock.runc.runtime.plan;

import io.drydock.spec.oci.runtime.IdMapping;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container made by an ordinary user. It lives in a user namespace; the user may map its own ids alone, anything more is done by
 * the set-uid programs newuidmap and newgidmap, which ask {@code /etc/subuid} and {@code /etc/subgid}.
 */
final class Rootless {
    private final int uid;
    private final int gid;
    private final @Nullable String path;

    /** @param path the variable of that name, where the programs are looked for */
    Rootless(int uid, int gid, @Nullable String path) {
        this.uid = uid;
        this.gid = gid;
        this.path = path;
    }

    /** Says what such a container cannot be, with the original's words. */
    static void check(Spec spec, Linux platform, NamespacePlanner namespaces) throws InvalidSpecException {
        if (!namespaces.has(NamespacePlanner.Kind.USER)) {
            throw new InvalidSpecException("rootless container requires user namespaces");
        }
        if (!platform.netDevices().isEmpty()) {
            throw new InvalidSpecException("network devices are not supported for rootless containers");
        }
        if (!namespaces.isNew(NamespacePlanner.Kind.USER)) {
            return;
        }
        if (platform.uidMappings().isEmpty()) {
            throw new InvalidSpecException("rootless containers requires at least one UID mapping");
        }
        if (platform.gidMappings().isEmpty()) {
            throw new InvalidSpecException("rootless containers requires at least one GID mapping");
        }
        for (Mount mount : spec.mounts()) {
            for (String option : mount.options()) {
                mapped(option, "uid=", platform.uidMappings());
                mapped(option, "gid=", platform.gidMappings());
            }
        }
    }

    private static void mapped(String option, String key, List<IdMapping> mappings) throws InvalidSpecException {
        if (!option.startsWith(key) || !option.substring(key.length()).matches("[0-9]{1,10}")) {
            return;
        }
        long id = Long.parseLong(option.substring(key.length()));
        boolean known =
                mappings.stream().anyMatch(map -> id >= map.containerID() && id - map.containerID() < map.size());
        if (!known) {
            throw new InvalidSpecException("cannot specify " + option
                    + " mount option for rootless container: user namespaces enabled, but no mapping found for "
                    + key.substring(0, 3) + ' ' + id);
        }
    }

    /** The steps by which the namespace gets its maps. Who maps its own group alone has to give up {@code setgroups(2)}. */
    void maps(PlanBuilder builder, Linux platform, Process process) throws InvalidSpecException {
        boolean ownGroup = isOwn(platform.gidMappings(), gid);
        if (ownGroup
                && process.user() != null
                && !process.user().additionalGids().isEmpty()) {
            throw new InvalidSpecException("cannot set any additional groups in a rootless container");
        }
        String uids = isOwn(platform.uidMappings(), uid) ? "" : find("newuidmap");
        String gids = ownGroup ? "" : find("newgidmap");
        if (!uids.isEmpty() || !gids.isEmpty()) {
            builder.keeper(new Op.IdTools(uids, gids));
        }
        builder.keeper(new Op.IdMaps(
                MappedMounts.text(platform.uidMappings()), MappedMounts.text(platform.gidMappings()), ownGroup));
    }

    private static boolean isOwn(List<IdMapping> mappings, int id) {
        return mappings.size() == 1
                && mappings.getFirst().hostID() == id
                && mappings.getFirst().size() == 1;
    }

    private String find(String program) throws InvalidSpecException {
        for (String directory : (path == null ? "" : path).split(":")) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toAbsolutePath().toString();
            }
        }
        throw new InvalidSpecException("rootless containers with more than one id need " + program
                + ", which is not in $PATH (package uidmap)");
    }
}
