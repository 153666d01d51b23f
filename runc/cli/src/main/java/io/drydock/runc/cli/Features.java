package io.drydock.runc.cli;

import io.avaje.jsonb.Jsonb;
import io.drydock.runc.runtime.plan.CapabilityNames;
import io.drydock.runc.runtime.plan.MemoryPolicies;
import io.drydock.runc.runtime.plan.MountOptionNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code runc features}: what this runtime can do, and nothing it cannot. */
final class Features {
    private Features() {}

    static String json() {
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put("namespaces", List.of("cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"));
        linux.put("capabilities", CapabilityNames.all());
        linux.put("cgroup", Map.of("v1", true, "v2", true, "systemd", true, "systemdUser", true, "rdma", true));
        linux.put(
                "seccomp",
                Map.of(
                        "enabled", true,
                        "actions",
                                List.of(
                                        "SCMP_ACT_ALLOW",
                                        "SCMP_ACT_ERRNO",
                                        "SCMP_ACT_KILL",
                                        "SCMP_ACT_KILL_PROCESS",
                                        "SCMP_ACT_KILL_THREAD",
                                        "SCMP_ACT_LOG",
                                        "SCMP_ACT_NOTIFY",
                                        "SCMP_ACT_TRACE",
                                        "SCMP_ACT_TRAP"),
                        "operators",
                                List.of(
                                        "SCMP_CMP_EQ",
                                        "SCMP_CMP_GE",
                                        "SCMP_CMP_GT",
                                        "SCMP_CMP_LE",
                                        "SCMP_CMP_LT",
                                        "SCMP_CMP_MASKED_EQ",
                                        "SCMP_CMP_NE"),
                        "archs", List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64")));
        linux.put("apparmor", Map.of("enabled", true));
        linux.put("selinux", Map.of("enabled", true));
        linux.put("intelRdt", Map.of("enabled", true, "schemata", true, "monitoring", true));
        linux.put(
                "memoryPolicy",
                Map.of(
                        "modes", MemoryPolicies.modes().keySet(),
                        "flags", MemoryPolicies.flags().keySet()));
        linux.put("mountExtensions", Map.of("idmap", Map.of("enabled", true)));
        linux.put("netDevices", Map.of("enabled", true));
        Map<String, Object> features = new LinkedHashMap<>();
        features.put("ociVersionMin", "1.0.0");
        features.put("ociVersionMax", Main.SPEC);
        features.put(
                "hooks",
                List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"));
        features.put("mountOptions", MountOptionNames.all());
        features.put("linux", linux);
        features.put("annotations", Map.of("org.opencontainers.runc.version", Main.VERSION));
        features.put("potentiallyUnsafeConfigAnnotations", List.of("bundle", "org.systemd.property."));
        return Jsonb.instance().type(Object.class).toJsonPretty(features);
    }
}
