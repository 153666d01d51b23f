package io.drydock.runc.runtime;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Jsonb;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.Resctrl;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.spec.oci.runtime.Namespace;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code state.json}: the names are runc's, for the tools that read its files; bundle, ociVersion and owner are ours.
 *
 * @param initProcessStart clock ticks since boot, field 22 of {@code /proc/PID/stat}: tells a pid from its next use
 * @param created RFC 3339
 * @param cgroupPaths absolute directories by controller; the empty name is the unified hierarchy
 * @param systemdUnit whose the groups are, if they are systemd's; ours
 * @param intelRdtPath the group of the resctrl file system, if there is one
 * @param intelRdtOwn that group goes with the container; ours
 * @param namespacePaths by runc's names such as {@code NEWNET}
 */
@Json
record StateFile(
        String id,
        @Json.Property("init_process_pid") int initProcessPid,
        @Json.Property("init_process_start") long initProcessStart,
        String created,
        Config config,
        boolean rootless,
        @Json.Property("cgroup_paths") Map<String, String> cgroupPaths,
        @Json.Property("systemd_unit") @Nullable String systemdUnit,
        @Json.Property("intel_rdt_path") @Nullable String intelRdtPath,
        @Json.Property("intel_rdt_mon_path") @Nullable String intelRdtMonPath,
        @Json.Property("intel_rdt_own") boolean intelRdtOwn,
        @Json.Property("namespace_paths") Map<String, String> namespacePaths,
        String bundle,
        String ociVersion,
        int owner) {

    /** The part of runc's config that tools look at. */
    @Json
    record Config(
            String rootfs,
            boolean readonlyfs,
            @Nullable String hostname,
            List<Namespace> namespaces,
            List<String> labels) {}

    private static final class Codec {
        static final Jsonb JSONB = Jsonb.builder().serializeNulls(false).build();
    }

    static StateFile of(ContainerState state, Spec spec, Cgroup cgroup, @Nullable ResctrlGroup shares)
            throws IOException {
        List<Namespace> namespaces =
                spec.linux() == null ? List.of() : spec.linux().namespaces();
        List<String> labels = new ArrayList<>();
        labels.add("bundle=" + state.bundle());
        state.annotations().forEach((key, value) -> labels.add(key + '=' + value));
        boolean readonly = spec.root() != null && spec.root().readonly();
        Map<String, String> paths = new TreeMap<>();
        for (Map.Entry<String, String> name : NAMESPACES.entrySet()) {
            paths.put(name.getKey(), "/proc/" + state.pid() + "/ns/" + name.getValue());
        }
        return new StateFile(
                state.id(),
                state.pid(),
                ProcessStat.startTime(state.pid()),
                state.created().toString(),
                new Config(state.rootfs().toString(), readonly, spec.hostname(), namespaces, labels),
                false,
                cgroup.paths(),
                cgroup.unit().orElse(null),
                shares == null ? null : shares.path().toString(),
                shares == null ? null : shares.monitoring().map(Path::toString).orElse(null),
                shares != null && shares.own(),
                paths,
                state.bundle().toString(),
                state.ociVersion(),
                state.owner());
    }

    /** {@code spec}: of the same container. */
    ContainerState state(String name, Spec spec) {
        return new ContainerState(
                ociVersion,
                name,
                initProcessPid,
                Status.CREATED,
                Path.of(bundle),
                Path.of(config.rootfs()),
                Instant.parse(created),
                spec.annotations(),
                owner);
    }

    private static final Map<String, String> NAMESPACES = Map.of(
            "NEWNS",
            "mnt",
            "NEWPID",
            "pid",
            "NEWNET",
            "net",
            "NEWIPC",
            "ipc",
            "NEWUTS",
            "uts",
            "NEWUSER",
            "user",
            "NEWCGROUP",
            "cgroup",
            "NEWTIME",
            "time");

    /** The group of the resctrl file system. */
    Optional<ResctrlGroup> shares() {
        if (intelRdtPath == null) {
            return Optional.empty();
        }
        Path group = Path.of(intelRdtPath);
        boolean topmost = Files.isDirectory(group.resolve("info"));
        Path root = topmost ? group : Objects.requireNonNullElse(group.getParent(), group);
        return Optional.of(new ResctrlGroup(
                new Resctrl(root),
                group,
                intelRdtOwn,
                Optional.ofNullable(intelRdtMonPath).map(Path::of)));
    }

    byte[] toJson() {
        return Codec.JSONB.type(StateFile.class).toJsonBytes(this);
    }

    static StateFile of(byte[] json) {
        return Codec.JSONB.type(StateFile.class).fromJson(json);
    }
}
