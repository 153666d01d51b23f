package io.drydock.runc.cli;

import io.avaje.jsonb.Jsonb;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import io.drydock.runc.cgroups.Resctrl;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code runc update}: limits one by one, or all of a JSON document. */
final class UpdateCommand {

    private final Containers containers;
    private final Log log;

    UpdateCommand(Containers containers, Log log) {
        this.containers = containers;
        this.log = log;
    }

    int run(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parse(
                words,
                "resources,r=",
                "blkio-weight=",
                "cpu-period=",
                "cpu-quota=",
                "cpu-burst=",
                "cpu-share=",
                "cpu-rt-period=",
                "cpu-rt-runtime=",
                "cpu-idle=",
                "cpuset-cpus=",
                "cpuset-mems=",
                "kernel-memory=",
                "kernel-memory-tcp=",
                "memory=",
                "memory-reservation=",
                "memory-swap=",
                "pids-limit=",
                "l3-cache-schema=",
                "mem-bw-schema=");
        if (line.arguments().size() != 1) {
            throw new UsageException("runc: \"update\" requires exactly 1 argument(s)");
        }
        try (Container container = containers.load(line.arguments().getFirst())) {
            List<String> shares = shares(line, container);
            container.update(resources(line));
            if (!shares.isEmpty()) {
                container.shares().orElseThrow().set(shares);
            }
        }
        return 0;
    }

    /** New lines for the container's group of the resctrl file system. */
    private static List<String> shares(CommandLine line, Container container) throws IOException {
        String cache = line.get("l3-cache-schema", "");
        String bandwidth = line.get("mem-bw-schema", "");
        if (cache.isEmpty() && bandwidth.isEmpty()) {
            return List.of();
        }
        ResctrlGroup group = container.shares().orElse(null);
        Resctrl resctrl = group == null ? Resctrl.mounted().orElse(null) : group.resctrl();
        if (!cache.isEmpty() && (resctrl == null || !resctrl.allocatesCache())) {
            throw new IOException("Intel RDT/CAT: l3 cache schema is not enabled");
        }
        if (!bandwidth.isEmpty() && (resctrl == null || !resctrl.allocatesBandwidth())) {
            throw new IOException("Intel RDT/MBA: memory bandwidth schema is not enabled");
        }
        if (group == null) {
            throw new IOException("updating a non-existent Intel RDT configuration is not supported");
        }
        return Stream.of(cache, bandwidth).filter(share -> !share.isEmpty()).toList();
    }

    private byte[] resources(CommandLine line) throws UsageException, IOException {
        String file = line.get("resources", "");
        if (file.equals("-")) {
            return System.in.readAllBytes();
        }
        if (!file.isEmpty()) {
            return Files.readAllBytes(Path.of(file));
        }
        if (!line.get("kernel-memory", "").isEmpty()
                || !line.get("kernel-memory-tcp", "").isEmpty()) {
            log.warning("Kernel memory settings are ignored and will be removed");
        }
        return Jsonb.instance().type(Object.class).toJson(single(line)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> single(CommandLine line) throws UsageException, IOException {
        Map<String, Object> cpu = new LinkedHashMap<>();
        whole(line, "cpu-period", cpu, "period");
        whole(line, "cpu-quota", cpu, "quota");
        whole(line, "cpu-burst", cpu, "burst");
        whole(line, "cpu-share", cpu, "shares");
        whole(line, "cpu-rt-period", cpu, "realtimePeriod");
        whole(line, "cpu-rt-runtime", cpu, "realtimeRuntime");
        whole(line, "cpu-idle", cpu, "idle");
        text(line, "cpuset-cpus", cpu, "cpus");
        text(line, "cpuset-mems", cpu, "mems");
        Map<String, Object> memory = new LinkedHashMap<>();
        bytes(line, "memory", memory, "limit");
        bytes(line, "memory-swap", memory, "swap");
        bytes(line, "memory-reservation", memory, "reservation");
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("cpu", cpu);
        all.put("memory", memory);
        int weight = line.number("blkio-weight", 0);
        if (weight != 0) {
            all.put("blockIO", Map.of("weight", weight));
        }
        int pids = line.number("pids-limit", 0);
        if (pids != 0) {
            all.put("pids", Map.of("limit", pids));
        }
        return all;
    }

    private static void text(CommandLine line, String flag, Map<String, Object> into, String key) {
        String text = line.get(flag, "");
        if (!text.isEmpty()) {
            into.put(key, text);
        }
    }

    private static void whole(CommandLine line, String flag, Map<String, Object> into, String key) throws IOException {
        String text = line.get(flag, "");
        if (text.isEmpty()) {
            return;
        }
        try {
            into.put(key, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IOException("invalid value for " + flag + ": parsing \"" + text + "\": invalid syntax", e);
        }
    }

    private static void bytes(CommandLine line, String flag, Map<String, Object> into, String key) throws IOException {
        String text = line.get(flag, "");
        if (!text.isEmpty()) {
            into.put(key, text.equals("-1") ? -1L : size(flag, text));
        }
    }

    /** {@code 50M}, {@code 1.5GiB}, {@code 512}: units are powers of 1024. */
    private static long size(String flag, String text) throws IOException {
        try {
            long bytes = FlagValues.bytes(text);
            if (bytes >= 0) {
                return bytes;
            }
        } catch (FlagException e) {
            // told below, in the words of the original
        }
        throw new IOException("invalid value for " + flag + ": invalid size: '" + text + "'");
    }
}
