package io.drydock.runc.cgroups;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A container's group of the resctrl file system: its share of caches and memory bandwidth, and counters of both. Source:
 * {@code Documentation/filesystems/resctrl.rst} of the kernel.
 *
 * <pre>
 * resctrl/info/…              what the processor can do
 * resctrl/&lt;group&gt;/schemata    the shares
 *                 tasks       who is in it
 *                 mon_groups/&lt;id&gt;/tasks   one container of several that share the group, counted by itself
 * </pre>
 *
 * @param own the group was made for this container, and goes with it
 * @param monitoring the container's own counters below the group; empty if it has none
 */
public record ResctrlGroup(Resctrl resctrl, Path path, boolean own, Optional<Path> monitoring) {
    /** Files to which a process writes {@code 0} to enter. */
    public List<String> entryFiles() {
        return Stream.concat(Stream.of(path), monitoring.stream())
                .map(group -> group.resolve("tasks").toString())
                .toList();
    }

    /** Sets shares, a line each, for example {@code L3:0=ff;1=c0}; none of an empty list. */
    public void set(List<String> schemata) throws IOException {
        if (schemata.isEmpty()) {
            return;
        }
        String lines = String.join("\n", schemata) + '\n';
        try {
            Files.writeString(path.resolve("schemata"), lines, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw resctrl.failure("unable to write \"" + lines.replace("\n", "\\n") + '"', e);
        }
    }

    /** Makes the group unless it is there; {@code own} tells which. */
    static boolean make(Resctrl resctrl, Path group) throws IOException {
        try {
            Files.createDirectory(group);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw resctrl.failure("mkdir " + group, e);
        }
    }

    /** Removes what was made for the container: the group with all in it, or its counters only. */
    public void delete() throws IOException {
        if (own) {
            Files.deleteIfExists(path);
        } else if (monitoring.isPresent()) {
            Files.deleteIfExists(monitoring.get());
        }
    }

    /** The group's shares and counters in the shape of {@code runc events}. */
    public Map<String, Object> stats() throws IOException {
        List<String> shares = resctrl.lines(path.resolve("schemata"));
        List<String> all = resctrl.lines(resctrl.root().resolve("schemata"));
        Map<String, Object> json = new LinkedHashMap<>();
        if (resctrl.allocatesCache()) {
            json.put("l3_cache_info", resctrl.info("L3", "cbm_mask", "min_cbm_bits", "num_closids"));
            putLast(json, "l3_cache_schema_root", all, "L3");
            putLast(json, "l3_cache_schema", shares, "L3");
        }
        if (resctrl.allocatesBandwidth()) {
            json.put(
                    "mem_bw_info",
                    resctrl.info("MB", "bandwidth_gran", "delay_linear", "min_bandwidth", "num_closids"));
            putLast(json, "mem_bw_schema_root", all, "MB");
            putLast(json, "mem_bw_schema", shares, "MB");
        }
        json.put("schemata", shares);
        List<String> features = resctrl.monitors();
        boolean bandwidth = features.contains("mbm_total_bytes") || features.contains("mbm_local_bytes");
        if (bandwidth) {
            json.put("mbm_stats", counters(features, List.of("mbm_total_bytes", "mbm_local_bytes")));
        }
        if (features.contains("llc_occupancy")) {
            json.put("cmt_stats", counters(features, List.of("llc_occupancy")));
        }
        return json;
    }

    private static void putLast(Map<String, Object> json, String key, List<String> lines, String word) {
        for (String line : lines) {
            if (line.contains(word)) {
                json.put(key, line.strip());
            }
        }
    }

    /** Of every cache or node; those of the whole group where the container has none of its own. */
    private List<Map<String, Object>> counters(List<String> features, List<String> names) throws IOException {
        List<Path> domains = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(monitoring.orElse(path).resolve("mon_data"), Files::isDirectory)) {
            entries.forEach(domains::add);
        }
        domains.sort(null);
        List<Map<String, Object>> all = new ArrayList<>();
        for (Path domain : domains) {
            Map<String, Object> counted = new LinkedHashMap<>();
            for (String name : names) {
                counted.put(name, features.contains(name) ? StatsReader.number(domain.resolve(name)) : 0L);
            }
            all.add(counted);
        }
        return all;
    }
}
