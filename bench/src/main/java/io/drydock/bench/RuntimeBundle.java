package io.drydock.bench;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bundle as dockerd makes them: busybox, all namespaces, limits, Docker's capabilities and seccomp profile. */
record RuntimeBundle(Path directory) {
    private static final String PROFILE = "/io/drydock/docker/engine/container/spec/seccomp.json";
    private static final List<String> CAPABILITIES = List.of(
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

    static RuntimeBundle make(Path directory) throws IOException {
        for (var name : List.of("bin", "dev", "etc", "proc", "sys", "tmp")) {
            Files.createDirectories(directory.resolve("rootfs").resolve(name));
        }
        Files.copy(Path.of("/bin/busybox"), directory.resolve("rootfs/bin/busybox"));
        for (var applet : List.of("sh", "true", "sleep")) {
            Files.createSymbolicLink(directory.resolve("rootfs/bin/" + applet), Path.of("busybox"));
        }
        return new RuntimeBundle(directory);
    }

    /** Writes the configuration of a container whose groups have that name. */
    void write(String group, String... args) throws IOException {
        var linux = new LinkedHashMap<String, Object>();
        var namespaces = List.of("mount", "pid", "network", "ipc", "uts", "cgroup");
        linux.put(
                "namespaces",
                namespaces.stream().map(kind -> Map.of("type", kind)).toList());
        linux.put("cgroupsPath", "/drydock-bench/" + group);
        linux.put(
                "resources",
                Map.of(
                        "memory", Map.of("limit", 256 << 20),
                        "cpu", Map.of("shares", 512),
                        "pids", Map.of("limit", 100),
                        "devices", List.of(Map.of("allow", false, "access", "rwm"))));
        linux.put("maskedPaths", List.of("/proc/acpi", "/proc/keys", "/proc/timer_list", "/sys/firmware"));
        linux.put("readonlyPaths", List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"));
        linux.put("seccomp", seccomp());
        var config = Map.of(
                "ociVersion",
                "1.0.2",
                "process",
                process(args),
                "root",
                Map.of("path", "rootfs"),
                "hostname",
                "bench",
                "mounts",
                mounts(),
                "linux",
                linux);
        Files.writeString(
                directory.resolve("config.json"),
                Jsonb.instance().type(Object.class).toJson(config));
    }

    static Map<String, Object> process(String... args) {
        return Map.of(
                "args", List.of(args),
                "cwd", "/",
                "env", List.of("PATH=/bin"),
                "user", Map.of("uid", 0, "gid", 0),
                "capabilities", Map.of("bounding", CAPABILITIES, "effective", CAPABILITIES, "permitted", CAPABILITIES));
    }

    private static List<Object> mounts() {
        return List.of(
                mount("/proc", "proc", "nosuid", "noexec", "nodev"),
                mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
                mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
                mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                mount("/sys/fs/cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev"));
    }

    private static Map<String, Object> mount(String destination, String type, String... options) {
        return Map.of("destination", destination, "type", type, "source", type, "options", List.of(options));
    }

    /** Docker's profile for a container with Docker's capabilities: the rules whose conditions hold for x86-64. */
    private static Map<String, Object> seccomp() throws IOException {
        try (InputStream file = RuntimeBundle.class.getResourceAsStream(PROFILE)) {
            if (file == null) {
                throw new IOException("no " + PROFILE);
            }
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Object> profile =
                    Jsonb.instance().type(Object.class).map().fromJson(text);
            var rules = new ArrayList<Object>();
            for (var rule : (List<?>) profile.getOrDefault("syscalls", List.of())) {
                var members = (Map<?, ?>) rule;
                if (holds(members.get("includes")) && members.get("excludes") == null) {
                    rules.add(rule);
                }
            }
            return Map.of(
                    "defaultAction",
                    "SCMP_ACT_ERRNO",
                    "defaultErrnoRet",
                    1,
                    "architectures",
                    List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
                    "syscalls",
                    rules);
        }
    }

    private static boolean holds(@Nullable Object includes) {
        return includes == null
                || includes instanceof Map<?, ?> map
                        && map.get("arches") instanceof List<?> list
                        && list.contains("amd64");
    }
}
