package io.drydock.docker.engine.container.spec;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.oci.runtime.Capabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/** The capabilities a container gets: Docker's fourteen, changed by {@code --cap-add}, {@code --cap-drop}, {@code --privileged}. */
final class CapabilitySets {
    private static final List<String> DEFAULT = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");
    /** All that Linux knows, by number. */
    private static final List<String> ALL = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private final List<String> available;

    /**
     * @param available what this machine lets the engine give away
     */
    CapabilitySets(List<String> available) {
        this.available = List.copyOf(available);
    }

    /** Those in the bounding set of this process. */
    static CapabilitySets ofThisProcess() throws IOException {
        long mask = -1;
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapBnd:")) {
                mask = Long.parseUnsignedLong(line.substring(7).strip(), 16);
            }
        }
        var names = new ArrayList<String>();
        for (int i = 0; i < ALL.size(); i++) {
            if ((mask >>> i & 1) == 1) {
                names.add(ALL.get(i));
            }
        }
        return new CapabilitySets(names);
    }

    /** Refuses names there are no capabilities of, with the original's words. */
    static void check(HostConfig host) {
        host.capAdd().forEach(name -> normalize(name, "capAdd"));
        host.capDrop().forEach(name -> normalize(name, "capDrop"));
    }

    private static String normalize(String name, String option) {
        String upper = name.toUpperCase(Locale.ROOT);
        String full = upper.equals("ALL") || upper.startsWith("CAP_") ? upper : "CAP_" + upper;
        if (!full.equals("ALL") && !ALL.contains(full)) {
            throw EngineException.invalid("invalid " + option + ": unknown capability: \"" + full + "\"");
        }
        return full;
    }

    Capabilities of(HostConfig host) {
        var names = names(host);
        return new Capabilities(names, names, List.of(), names, List.of());
    }

    List<String> names(HostConfig host) {
        if (host.privileged()) {
            return available;
        }
        var add = new LinkedHashSet<String>();
        host.capAdd().forEach(name -> add.add(normalize(name, "capAdd")));
        var drop = new LinkedHashSet<String>();
        host.capDrop().forEach(name -> drop.add(normalize(name, "capDrop")));
        var set = new LinkedHashSet<String>();
        if (add.contains("ALL")) {
            set.addAll(ALL);
        } else {
            set.addAll(drop.contains("ALL") ? List.of() : DEFAULT);
            set.addAll(add);
        }
        set.removeAll(drop);
        set.retainAll(available);
        return List.copyOf(set);
    }
}
