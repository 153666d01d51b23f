package io.drydock.runc.cgroups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which hierarchies this system has.
 *
 * @param hierarchies of version 1, each mounted once
 * @param unified where version 2 is mounted, if it is
 */
public record CgroupLayout(List<Hierarchy> hierarchies, Optional<Path> unified) {
    public CgroupLayout {
        hierarchies = List.copyOf(hierarchies);
    }

    /**
     * A version 1 hierarchy.
     *
     * @param mountPoint for example {@code /sys/fs/cgroup/cpu,cpuacct}
     * @param controllers for example {@code cpu}, {@code cpuacct}; or one entry {@code name=systemd}
     */
    public record Hierarchy(Path mountPoint, List<String> controllers) {
        public Hierarchy {
            controllers = List.copyOf(controllers);
        }

        /** The key under which tools know it, for example {@code cpu,cpuacct} or {@code name=systemd}. */
        public String name() {
            return String.join(",", controllers);
        }
    }

    /** Only version 2 has controllers here. */
    public boolean isUnified() {
        return hierarchies.isEmpty() && unified.isPresent();
    }

    /** The version 1 hierarchy that has a controller. */
    public Optional<Hierarchy> of(String controller) {
        return hierarchies.stream()
                .filter(h -> h.controllers().contains(controller))
                .findFirst();
    }

    /** Reads {@code /proc/self/mountinfo}. */
    public static CgroupLayout read() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    private static final List<String> NO_CONTROLLERS =
            List.of("rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode", "favordynmods");

    static CgroupLayout parse(List<String> mountinfo) {
        Map<String, Hierarchy> hierarchies = new LinkedHashMap<>();
        Path unified = null;
        for (String line : mountinfo) {
            int dash = line.indexOf(" - ");
            if (dash < 0) {
                continue;
            }
            String[] tail = line.substring(dash + 3).split(" ");
            Path mountPoint = Path.of(line.split(" ", 6)[4]);
            if (tail[0].equals("cgroup2") && unified == null) {
                unified = mountPoint;
            } else if (tail[0].equals("cgroup") && tail.length > 2) {
                List<String> controllers = new ArrayList<>();
                for (String option : tail[2].split(",")) {
                    if (!NO_CONTROLLERS.contains(option) && !option.startsWith("release_agent=")) {
                        controllers.add(option);
                    }
                }
                Hierarchy hierarchy = new Hierarchy(mountPoint, controllers);
                hierarchies.putIfAbsent(hierarchy.name(), hierarchy);
            }
        }
        return new CgroupLayout(List.copyOf(hierarchies.values()), Optional.ofNullable(unified));
    }

    /** Where this process is in each hierarchy, by name; {@code ""} is the unified one. From {@code /proc/self/cgroup}. */
    static Map<String, String> own() throws IOException {
        return groups("self");
    }

    /** Where a process is, as {@link #own}. */
    static Map<String, String> of(int pid) throws IOException {
        return groups(Integer.toString(pid));
    }

    private static Map<String, String> groups(String process) throws IOException {
        Map<String, String> groups = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc", process, "cgroup"))) {
            String[] fields = line.split(":", 3);
            groups.put(fields[1], fields[2]);
        }
        return groups;
    }
}
