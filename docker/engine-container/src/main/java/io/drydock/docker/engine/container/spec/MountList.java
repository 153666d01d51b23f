package io.drydock.docker.engine.container.spec;

import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.oci.runtime.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The mounts of a container: the kernel's file systems, the engine's own files, and what the user asked for. */
final class MountList {
    private final List<Mount> mounts = new ArrayList<>();

    MountList(boolean privileged) {
        add("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        add("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        add("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        add("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        if (privileged) {
            add("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev");
            add("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev");
        } else {
            add("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
            add("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev");
        }
    }

    private void add(String destination, String type, String source, String... options) {
        mounts.add(new Mount(destination, type, source, List.of(options), List.of(), List.of()));
    }

    /** The shared memory of a container of its own. */
    void privateShm(long size) {
        add("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=" + size);
    }

    /** The host's. */
    void hostPath(String source, String destination, String... options) {
        var all = new ArrayList<>(List.of(options));
        all.addFirst("rbind");
        mounts.add(new Mount(destination, "bind", source, all, List.of(), List.of()));
    }

    /** A file that the engine keeps for the container. */
    void engineFile(Path file, String destination, boolean writable) {
        if (mounts.stream().noneMatch(mount -> mount.destination().equals(destination))) {
            hostPath(file.toString(), destination, "rprivate", writable ? "rw" : "ro");
        }
    }

    /** What the user asked for; takes the place of a mount at the same destination. */
    void user(List<MountPlan> plans, HostConfig host, boolean recursiveReadOnly) {
        plans.stream()
                .sorted(Comparator.comparingInt(plan ->
                        (int) plan.destination().chars().filter(c -> c == '/').count()))
                .forEach(plan -> user(plan, recursiveReadOnly));
        host.tmpfs().forEach((destination, options) -> replace(tmpfs(destination, options)));
    }

    private void user(MountPlan plan, boolean recursiveReadOnly) {
        if (plan.type().equals("tmpfs")) {
            replace(tmpfs(plan.destination(), plan.options()));
            return;
        }
        var options = new ArrayList<String>();
        options.add(plan.has(MountPlan.NON_RECURSIVE) ? "bind" : "rbind");
        options.add(plan.writable() ? "rw" : readOnly(plan, recursiveReadOnly));
        options.add(plan.propagation().isEmpty() ? "rprivate" : plan.propagation());
        replace(new Mount(plan.destination(), "bind", plan.source(), options, List.of(), List.of()));
    }

    private static String readOnly(MountPlan plan, boolean recursive) {
        if (plan.has(MountPlan.READ_ONLY_FORCE_RECURSIVE) && !recursive) {
            throw EngineException.invalid("recursive read-only mounts are not supported by the runtime");
        }
        return recursive && !plan.has(MountPlan.READ_ONLY_NON_RECURSIVE) ? "rro" : "ro";
    }

    private static Mount tmpfs(String destination, String text) {
        var options = new ArrayList<>(List.of("noexec", "nosuid", "nodev"));
        for (String option : text.split(",")) {
            switch (option) {
                case "" -> {}
                case "exec" -> options.remove("noexec");
                case "suid" -> options.remove("nosuid");
                case "dev" -> options.remove("nodev");
                default -> options.add(option);
            }
        }
        return new Mount(destination, "tmpfs", "tmpfs", options, List.of(), List.of());
    }

    private void replace(Mount mount) {
        mounts.removeIf(other -> other.destination().equals(mount.destination()));
        mounts.add(mount);
    }

    /** All mounts in the order they are made. */
    List<Mount> build() {
        return List.copyOf(mounts);
    }

    /** How mounts under the root must propagate for what the user asked for; empty for not at all. */
    static String rootPropagation(List<MountPlan> plans) {
        var wanted = plans.stream().map(MountPlan::propagation).collect(Collectors.toSet());
        if (wanted.contains("rshared") || wanted.contains("shared")) {
            return "shared";
        }
        return wanted.contains("rslave") || wanted.contains("slave") ? "rslave" : "";
    }
}
