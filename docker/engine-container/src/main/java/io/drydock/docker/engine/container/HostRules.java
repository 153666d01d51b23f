package io.drydock.docker.engine.container;

import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of a host part contradicts itself or this machine, in the original's words. */
final class HostRules {
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");
    private static final String NETWORK = "conflicting options: ";

    private HostRules() {}

    static void check(HostConfig host) {
        cpuset("CPUs", "cpuset cpus", host.cpusetCpus(), "/sys/devices/system/cpu/online");
        cpuset("memory nodes", "cpuset mems", host.cpusetMems(), "/sys/devices/system/node/online");
        if (host.memorySwappiness() != null && (host.memorySwappiness() < -1 || host.memorySwappiness() > 100)) {
            throw EngineException.invalid(
                    "Invalid value: " + host.memorySwappiness() + ", valid memory swappiness range is 0-100");
        }
        for (String path : host.tmpfs().keySet()) {
            if (Path.of(path).normalize().toString().equals("/")) {
                throw EngineException.invalid("invalid specification: destination can't be '/'");
            }
        }
    }

    private static void cpuset(String what, String option, String wanted, String file) {
        if (wanted.isEmpty()) {
            return;
        }
        BitSet asked;
        try {
            asked = set(wanted);
        } catch (NumberFormatException e) {
            throw EngineException.invalid("Invalid value " + wanted + " for " + option + ": invalid format: " + wanted);
        }
        try {
            String there = Files.readString(Path.of(file)).strip();
            asked.andNot(set(there));
            if (!asked.isEmpty()) {
                throw EngineException.invalid(
                        "Requested " + what + " are not available - requested " + wanted + ", available: " + there);
            }
        } catch (IOException e) {
            return; // a kernel without such nodes: it will say so itself
        }
    }

    /** Reads {@code 0-3,7}. */
    private static BitSet set(String text) {
        var set = new BitSet();
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
            if (from < 0 || to < from || to > 1 << 16) {
                throw new NumberFormatException(part);
            }
            set.set(from, to + 1);
        }
        return set;
    }

    /** Weights that the kernel cannot keep are left out with a warning. */
    static Map<String, Object> blockWeights(HostConfig host, List<String> warnings) {
        var changes = new LinkedHashMap<String, Object>();
        boolean weight = Files.exists(CGROUP.resolve("blkio/blkio.weight"))
                || Files.exists(CGROUP.resolve("blkio/blkio.bfq.weight"))
                || Files.exists(CGROUP.resolve("cgroup.controllers"));
        if (host.blkioWeight() != 0 && !weight) {
            warnings.add(
                    "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.");
            changes.put("BlkioWeight", 0);
        } else if (host.blkioWeight() != 0 && (host.blkioWeight() < 10 || host.blkioWeight() > 1000)) {
            throw EngineException.invalid("Range of blkio weight is from 10 to 1000");
        }
        if (!host.blkioWeightDevice().isEmpty() && !weight) {
            warnings.add("Your kernel does not support Block I/O weight_device or the cgroup is not mounted. "
                    + "Weight-device discarded.");
            changes.put("BlkioWeightDevice", List.of());
        }
        return changes;
    }

    /** What cannot be said together with the network of another container, or the host's names. */
    static void checkNetwork(ContainerConfig config, HostConfig host) {
        if (host.utsMode().equals("host") && !config.hostname().isEmpty()) {
            throw EngineException.invalid(NETWORK + "hostname and the UTS mode");
        }
        if (host.networkMode().equals("host") && !host.links().isEmpty()) {
            throw EngineException.invalid(
                    NETWORK + "host type networking can't be used with links. This would result in undefined behavior");
        }
        if (!host.networkMode().startsWith("container:")) {
            return;
        }
        String mac = config.macAddress();
        refuse(!config.hostname().isEmpty(), "hostname and the network mode");
        refuse(
                !host.links().isEmpty(),
                "container type network can't be used with links. This would result in undefined behavior");
        refuse(!host.dns().isEmpty(), "dns and the network mode");
        refuse(!host.extraHosts().isEmpty(), "custom host-to-IP mapping and the network mode");
        refuse(mac != null && !mac.isEmpty(), "mac-address and the network mode");
        refuse(
                !host.portBindings().isEmpty() || host.publishAllPorts(),
                "port publishing and the container type network mode");
        refuse(!config.exposedPorts().isEmpty(), "port exposing and the container type network mode");
    }

    private static void refuse(boolean conflict, String words) {
        if (conflict) {
            throw EngineException.invalid(NETWORK + words);
        }
    }
}
