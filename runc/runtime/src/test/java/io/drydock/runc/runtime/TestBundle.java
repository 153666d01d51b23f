package io.drydock.runc.runtime;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bundle with a busybox root file system and a config like Docker's; tests change the config's maps before {@link #write}. */
final class TestBundle {
    static final List<String> CAPABILITIES = List.of(
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

    final Path path;
    final Map<String, Object> config = new LinkedHashMap<>();
    final Map<String, Object> process = new LinkedHashMap<>();
    final Map<String, Object> linux = new LinkedHashMap<>();
    final List<Object> mounts = new ArrayList<>();

    TestBundle(Path path, String... args) throws IOException {
        this.path = path;
        Path rootfs = path.resolve("rootfs");
        for (String directory : List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp")) {
            Files.createDirectories(rootfs.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        for (String applet : List.of(
                "sh",
                "cat",
                "sleep",
                "true",
                "id",
                "ls",
                "stat",
                "mount",
                "touch",
                "mkdir",
                "kill",
                "tty",
                "stty",
                "hostname",
                "readlink",
                "ps",
                "env",
                "grep",
                "echo",
                "umount",
                "mknod",
                "ifconfig",
                "tail")) {
            Files.createSymbolicLink(rootfs.resolve("bin/" + applet), Path.of("busybox"));
        }
        Files.writeString(
                rootfs.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
        process.put("args", List.of(args));
        process.put("env", List.of("PATH=/usr/bin:/bin", "TERM=xterm"));
        process.put("cwd", "/");
        process.put("user", Map.of("uid", 0, "gid", 0));
        process.put(
                "capabilities", Map.of("bounding", CAPABILITIES, "effective", CAPABILITIES, "permitted", CAPABILITIES));
        mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        linux.put(
                "namespaces",
                new ArrayList<>(List.of(
                        namespace("mount"),
                        namespace("pid"),
                        namespace("network"),
                        namespace("ipc"),
                        namespace("uts"))));
        linux.put("maskedPaths", List.of("/proc/kcore", "/proc/scsi", "/sys/firmware", "/proc/nothing"));
        linux.put("readonlyPaths", List.of("/proc/sys", "/proc/bus", "/proc/nothing"));
        config.put("ociVersion", "1.1.0");
        config.put("process", process);
        config.put("root", Map.of("path", "rootfs"));
        config.put("hostname", "drydock");
        config.put("mounts", mounts);
        config.put("linux", linux);
    }

    static Map<String, Object> namespace(String type) {
        return Map.of("type", type);
    }

    void mount(String destination, String type, String source, String... options) {
        mounts.add(Map.of("destination", destination, "type", type, "source", source, "options", List.of(options)));
    }

    Path rootfs() {
        return path.resolve("rootfs");
    }

    TestBundle write() throws IOException {
        Files.write(path.resolve("config.json"), json(config));
        return this;
    }

    static byte[] json(Object value) {
        return Jsonb.instance().type(Object.class).toJson(value).getBytes(StandardCharsets.UTF_8);
    }
}
