package io.drydock.docker.cli.container;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import io.drydock.flags.FlagValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of a create request that says how the engine runs the container. */
final class HostOptions {
    private static final List<String> KERNEL = List.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private HostOptions() {}

    static void fill(Map<String, Object> host, FlagSet flags) throws CliException, IOException {
        String cidfile = flags.text("cidfile");
        host.put("ContainerIDFile", cidfile);
        host.put("LogConfig", Map.of("Type", flags.text("log-driver"), "Config", logOptions(flags)));
        host.put("RestartPolicy", restartPolicy(flags.text("restart")));
        host.put("AutoRemove", flags.bool("rm"));
        if (flags.bool("rm")
                && flags.changed("restart")
                && !flags.text("restart").equals("no")) {
            throw new CliException("conflicting options: cannot specify both --restart and --rm");
        }
        text(host, flags, "VolumeDriver", "volume-driver");
        list(host, flags, "VolumesFrom", "volumes-from");
        list(host, flags, "CapAdd", "cap-add");
        list(host, flags, "CapDrop", "cap-drop");
        String cgroup = flags.text("cgroupns");
        if (!cgroup.isEmpty() && !cgroup.equals("private") && !cgroup.equals("host")) {
            throw new CliException("--cgroupns: invalid CGROUP mode");
        }
        text(host, flags, "CgroupnsMode", "cgroupns");
        list(host, flags, "Dns", "dns");
        var dnsOptions = new ArrayList<>(flags.list("dns-option"));
        dnsOptions.addAll(flags.list("dns-opt"));
        host.put("DnsOptions", dnsOptions);
        list(host, flags, "DnsSearch", "dns-search");
        var hosts = new ArrayList<String>();
        for (String h : flags.list("add-host")) {
            int equals = h.indexOf('=');
            hosts.add(equals > 0 ? h.substring(0, equals) + ":" + h.substring(equals + 1) : h);
        }
        host.put("ExtraHosts", hosts);
        list(host, flags, "GroupAdd", "group-add");
        text(host, flags, "IpcMode", "ipc");
        list(host, flags, "Links", "link");
        host.put("OomScoreAdj", flags.integer("oom-score-adj"));
        mode(flags, "pid", "PID", true);
        text(host, flags, "PidMode", "pid");
        host.put("Privileged", flags.bool("privileged"));
        host.put("PublishAllPorts", flags.bool("publish-all"));
        host.put("ReadonlyRootfs", flags.bool("read-only"));
        security(host, flags.list("security-opt"));
        map(host, flags, "StorageOpt", "storage-opt");
        if (flags.list("storage-opt").stream().anyMatch(option -> option.indexOf('=') < 0)) {
            throw new CliException("invalid storage option");
        }
        mode(flags, "uts", "UTS", false);
        text(host, flags, "UTSMode", "uts");
        mode(flags, "userns", "USER", false);
        text(host, flags, "UsernsMode", "userns");
        host.put("ShmSize", flags.bytes("shm-size"));
        map(host, flags, "Sysctls", "sysctl");
        map(host, flags, "Annotations", "annotation");
        text(host, flags, "Runtime", "runtime");
        text(host, flags, "Isolation", "isolation");
        if (flags.changed("init")) {
            host.put("Init", flags.bool("init"));
        }
        resources(host, flags);
    }

    private static void resources(Map<String, Object> host, FlagSet flags) throws CliException {
        host.put("CpuShares", flags.integer("cpu-shares"));
        host.put("Memory", flags.bytes("memory"));
        host.put("NanoCpus", flags.billionths("cpus"));
        text(host, flags, "CgroupParent", "cgroup-parent");
        host.put("BlkioWeight", flags.integer("blkio-weight"));
        host.put("BlkioWeightDevice", all(flags.list("blkio-weight-device"), Devices::weight));
        host.put("BlkioDeviceReadBps", all(flags.list("device-read-bps"), Devices::bytesRate));
        host.put("BlkioDeviceWriteBps", all(flags.list("device-write-bps"), Devices::bytesRate));
        host.put("BlkioDeviceReadIOps", all(flags.list("device-read-iops"), Devices::operationsRate));
        host.put("BlkioDeviceWriteIOps", all(flags.list("device-write-iops"), Devices::operationsRate));
        host.put("CpuPeriod", flags.integer("cpu-period"));
        host.put("CpuQuota", flags.integer("cpu-quota"));
        host.put("CpuRealtimePeriod", flags.integer("cpu-rt-period"));
        host.put("CpuRealtimeRuntime", flags.integer("cpu-rt-runtime"));
        text(host, flags, "CpusetCpus", "cpuset-cpus");
        text(host, flags, "CpusetMems", "cpuset-mems");
        var devices = new ArrayList<Object>();
        var requests = new ArrayList<Object>();
        var named = new ArrayList<String>();
        for (String device : flags.list("device")) {
            if (Devices.isQualifiedName(device)) {
                named.add(device);
            } else {
                devices.add(Devices.device(device));
            }
        }
        host.put("Devices", devices);
        list(host, flags, "DeviceCgroupRules", "device-cgroup-rule");
        if (flags.changed("gpus")) {
            requests.addAll(all(List.of(flags.text("gpus")), Devices::gpus));
        }
        if (!named.isEmpty()) {
            requests.add(Map.of("Driver", "cdi", "DeviceIDs", named));
        }
        if (!requests.isEmpty()) {
            host.put("DeviceRequests", requests);
        }
        host.put("MemoryReservation", flags.bytes("memory-reservation"));
        host.put("MemorySwap", flags.bytes("memory-swap"));
        long swappiness = flags.integer("memory-swappiness");
        if (swappiness != -1 && (swappiness < 0 || swappiness > 100)) {
            throw new CliException("invalid value: " + swappiness + ". Valid memory swappiness range is 0-100");
        }
        if (swappiness != -1) {
            host.put("MemorySwappiness", swappiness);
        }
        host.put("OomKillDisable", flags.bool("oom-kill-disable"));
        if (flags.changed("pids-limit")) {
            host.put("PidsLimit", flags.integer("pids-limit"));
        }
        host.put("Ulimits", all(flags.list("ulimit"), HostOptions::ulimit));
    }

    private interface Reader {
        Map<String, Object> read(String text) throws FlagException;
    }

    private static List<Object> all(List<String> given, Reader reader) throws CliException {
        var all = new ArrayList<Object>();
        for (String text : given) {
            try {
                all.add(reader.read(text));
            } catch (FlagException e) {
                throw new CliException(String.valueOf(e.getMessage()));
            }
        }
        return all;
    }

    private static void text(Map<String, Object> host, FlagSet flags, String member, String flag) {
        if (flags.changed(flag)) {
            host.put(member, flags.text(flag));
        }
    }

    private static void list(Map<String, Object> host, FlagSet flags, String member, String flag) {
        host.put(member, List.copyOf(flags.list(flag)));
    }

    private static void map(Map<String, Object> host, FlagSet flags, String member, String flag) {
        if (flags.changed(flag)) {
            var map = new LinkedHashMap<String, String>();
            for (String pair : flags.list(flag)) {
                CreateOptions.pair(map, pair);
            }
            host.put(member, map);
        }
    }

    private static Map<String, String> logOptions(FlagSet flags) throws CliException {
        if (flags.text("log-driver").equals("none") && flags.changed("log-opt")) {
            throw new CliException("invalid logging opts for driver none");
        }
        var options = new LinkedHashMap<String, String>();
        for (String pair : flags.list("log-opt")) {
            CreateOptions.pair(options, pair);
        }
        return options;
    }

    static Map<String, Object> restartPolicy(String text) throws CliException {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (name.isEmpty() && colon >= 0) {
            throw new CliException("invalid restart policy format: no policy provided before colon");
        }
        long count = 0;
        if (colon >= 0) {
            try {
                count = Long.parseLong(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new CliException("invalid restart policy format: maximum retry count must be an integer");
            }
        }
        return Map.of("Name", name, "MaximumRetryCount", count);
    }

    /** What a namespace may be: the container's own, the host's, and some that of another container. */
    private static void mode(FlagSet flags, String flag, String name, boolean ofContainer) throws CliException {
        String mode = flags.text(flag);
        boolean good = mode.isEmpty()
                || mode.equals("host")
                || mode.equals("private") && !ofContainer
                || ofContainer && mode.startsWith("container:") && mode.length() > "container:".length();
        if (!good) {
            throw new CliException("--" + flag + ": invalid " + name + " mode");
        }
    }

    /** Checks {@code --sysctl}: only what a container has of its own. */
    static void checkSysctl(String text) throws FlagException {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        boolean own = name.startsWith("net.") || name.startsWith("fs.mqueue.") || KERNEL.contains(name);
        if (equals <= 0 || !own) {
            throw new FlagException("sysctl '" + text + "' is not allowed");
        }
    }

    private static void security(Map<String, Object> host, List<String> options) throws CliException, IOException {
        var kept = new ArrayList<String>();
        for (String option : options) {
            int cut = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
            if (cut < 0 && !option.equals("no-new-privileges") && !option.equals("systempaths=unconfined")) {
                throw new CliException("Invalid --security-opt: " + FlagValues.quote(option));
            }
            String value = cut < 0 ? "" : option.substring(cut + 1);
            if (option.equals("systempaths=unconfined")) {
                host.put("MaskedPaths", List.of());
                host.put("ReadonlyPaths", List.of());
            } else if (option.startsWith("seccomp") && !value.equals("unconfined") && !value.equals("builtin")) {
                try {
                    kept.add("seccomp=" + Json.write(Json.parse(Files.readString(Path.of(value)))));
                } catch (java.nio.file.NoSuchFileException e) {
                    throw new CliException("opening seccomp profile (" + value + ") failed: open " + value
                            + ": no such file or directory");
                } catch (IllegalArgumentException e) {
                    throw new CliException(
                            "compacting json for seccomp profile (" + value + ") failed: " + e.getMessage());
                }
            } else {
                kept.add(option);
            }
        }
        host.put("SecurityOpt", kept.isEmpty() ? null : kept);
    }

    static Map<String, Object> ulimit(String text) throws FlagException {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new FlagException("invalid ulimit argument: " + text);
        }
        String name = text.substring(0, equals);
        if (!" core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack "
                .contains(" " + name + " ")) {
            throw new FlagException("invalid ulimit type: " + name);
        }
        String[] values = text.substring(equals + 1).split(":");
        if (values.length > 2) {
            throw new FlagException("too many limit value arguments - " + text.substring(equals + 1)
                    + ", can only have up to two, `soft[:hard]`");
        }
        long soft = FlagValues.integer(values[0]);
        long hard = values.length == 2 ? FlagValues.integer(values[1]) : soft;
        if (hard != -1 && (soft > hard || soft == -1)) {
            throw new FlagException("ulimit soft limit must be less than or equal to hard limit: "
                    + (soft == -1 ? "-1" : soft) + " > " + hard);
        }
        return Map.of("Name", name, "Soft", soft, "Hard", hard);
    }
}
