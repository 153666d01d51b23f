package io.drydock.runc.cgroups;

import io.drydock.spec.oci.runtime.IntelRdt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The resctrl file system (Intel RDT and its like), where it is mounted. */
public record Resctrl(Path root) {
    /** The running system's; empty if it is not mounted. */
    public static Optional<Resctrl> mounted() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            int dash = line.indexOf(" - ");
            if (dash >= 0 && line.startsWith("resctrl ", dash + 3)) {
                return Optional.of(new Resctrl(Path.of(line.split(" ", 6)[4])));
            }
        }
        return Optional.empty();
    }

    /**
     * The group a container is to have, with its shares. Where that fails, what was made for this container alone is removed; a
     * group with a name stays.
     *
     * @throws IllegalArgumentException if what is wanted cannot be had here
     */
    public ResctrlGroup create(String id, IntelRdt wanted) throws IOException {
        check(wanted);
        List<String> schemata = schemata(wanted);
        ResctrlGroup found = find(id, wanted);
        if (!found.own() && schemata.isEmpty() && !Files.isDirectory(found.path())) {
            throw new IllegalArgumentException(
                    "clos dir not accessible (must be pre-created when schemata, l3CacheSchema"
                            + " and memBwSchema are empty): stat " + found.path() + ": no such file or directory");
        }
        boolean made = ResctrlGroup.make(this, found.path());
        ResctrlGroup group = new ResctrlGroup(this, found.path(), found.own() && made, found.monitoring());
        try {
            if (group.monitoring().isPresent()) {
                ResctrlGroup.make(this, group.monitoring().get());
            }
            group.set(schemata);
            return group;
        } catch (IOException e) {
            group.delete();
            throw e;
        }
    }

    /** The group that {@link #create} makes, whether it is there or not. One with a name is shared with others, whoever made it. */
    public ResctrlGroup find(String id, IntelRdt wanted) {
        String named = name(wanted);
        Path path = root.resolve(named.isEmpty() ? id : named.equals("/") ? "." : named)
                .normalize();
        boolean monitoring = Boolean.TRUE.equals(wanted.enableMonitoring());
        return new ResctrlGroup(
                this,
                path,
                named.isEmpty(),
                monitoring ? Optional.of(path.resolve("mon_groups").resolve(id)) : Optional.empty());
    }

    private static String name(IntelRdt wanted) {
        return wanted.closID() == null ? "" : wanted.closID();
    }

    private void check(IntelRdt wanted) {
        String named = name(wanted);
        if (named.equals(".") || named.equals("..") || named.length() > 1 && named.indexOf('/') >= 0) {
            throw new IllegalArgumentException("invalid intelRdt.ClosID \"" + named + '"');
        }
        if (isGiven(wanted.l3CacheSchema()) && !allocatesCache()) {
            throw new IllegalArgumentException(
                    "intelRdt.l3CacheSchema is specified in config, but Intel RDT/CAT is not enabled");
        }
        if (isGiven(wanted.memBwSchema()) && !allocatesBandwidth()) {
            throw new IllegalArgumentException(
                    "intelRdt.memBwSchema is specified in config, but Intel RDT/MBA is not enabled");
        }
    }

    private static List<String> schemata(IntelRdt wanted) {
        List<String> lines = new ArrayList<>();
        if (isGiven(wanted.l3CacheSchema())) {
            lines.add(wanted.l3CacheSchema());
        }
        if (isGiven(wanted.memBwSchema())) {
            lines.add(wanted.memBwSchema());
        }
        wanted.schemata().stream().filter(Resctrl::isGiven).forEach(lines::add);
        return lines;
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    /** Whether the processor divides its cache (CAT). */
    public boolean allocatesCache() {
        return Files.isDirectory(root.resolve("info/L3"));
    }

    /** Whether it divides memory bandwidth (MBA). */
    public boolean allocatesBandwidth() {
        return Files.isDirectory(root.resolve("info/MB"));
    }

    /** The counters it has: {@code llc_occupancy}, {@code mbm_total_bytes}, {@code mbm_local_bytes}. */
    List<String> monitors() throws IOException {
        return lines(root.resolve("info/L3_MON/mon_features"));
    }

    /** What is said of a resource: numbers, but for the mask; what is 0 is left out. */
    Map<String, Object> info(String resource, String... names) throws IOException {
        Map<String, Object> info = new LinkedHashMap<>();
        for (String name : names) {
            Path file = root.resolve("info").resolve(resource).resolve(name);
            if (name.equals("cbm_mask")) {
                info.put(name, CgroupFile.read(file));
            } else {
                long number = StatsReader.number(file);
                if (number != 0) {
                    info.put(name, number);
                }
            }
        }
        return info;
    }

    /** A file's lines; none of a missing file. */
    List<String> lines(Path file) throws IOException {
        return CgroupFile.readIfExists(file).stream().flatMap(String::lines).toList();
    }

    /** With what the kernel says of its last refusal. */
    IOException failure(String what, IOException cause) throws IOException {
        String status =
                CgroupFile.readIfExists(root.resolve("info/last_cmd_status")).orElse("");
        return new IOException(
                "intelrdt: " + what + ": " + cause.getMessage()
                        + (status.isEmpty() ? "" : ", last_cmd_status: " + status),
                cause);
    }
}
