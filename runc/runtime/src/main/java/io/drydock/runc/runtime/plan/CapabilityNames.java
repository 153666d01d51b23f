package io.drydock.runc.runtime.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Capabilities by name and bit, {@code linux/capability.h}. */
public final class CapabilityNames {
    private static final List<String> NAMES = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "KILL",
            "SETGID",
            "SETUID",
            "SETPCAP",
            "LINUX_IMMUTABLE",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_ADMIN",
            "NET_RAW",
            "IPC_LOCK",
            "IPC_OWNER",
            "SYS_MODULE",
            "SYS_RAWIO",
            "SYS_CHROOT",
            "SYS_PTRACE",
            "SYS_PACCT",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_NICE",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "MKNOD",
            "LEASE",
            "AUDIT_WRITE",
            "AUDIT_CONTROL",
            "SETFCAP",
            "MAC_OVERRIDE",
            "MAC_ADMIN",
            "SYSLOG",
            "WAKE_ALARM",
            "BLOCK_SUSPEND",
            "AUDIT_READ",
            "PERFMON",
            "BPF",
            "CHECKPOINT_RESTORE");

    private CapabilityNames() {}

    /** All names with their {@code CAP_} prefix, by bit. */
    public static List<String> all() {
        return NAMES.stream().map(name -> "CAP_" + name).toList();
    }

    /** The bit of {@code CAP_CHOWN} and so on; -1 for an unknown name. */
    static int bit(String name) {
        return name.startsWith("CAP_") ? NAMES.indexOf(name.substring(4)) : -1;
    }

    /** Whether a kernel, if not this one, could have a capability of this name: capital letters, digits and underscores. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.charAt(0) >= 'A'
                && name.charAt(0) <= 'Z'
                && name.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_');
    }

    /** The set of these names; those that are unknown go to {@code unknown}. */
    static long set(@Nullable List<String> names, List<String> unknown) {
        long set = 0;
        for (String name : names == null ? List.<String>of() : names) {
            int bit = bit(name);
            if (bit < 0) {
                unknown.add(name);
            } else {
                set |= 1L << bit;
            }
        }
        return set;
    }
}
