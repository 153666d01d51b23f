package io.drydock.docker.dockerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Facts about this machine that {@code docker info} shows. */
final class SystemFacts {
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");

    private SystemFacts() {}

    static String kernel() {
        return text("/proc/sys/kernel/osrelease");
    }

    static String hostname() {
        return text("/proc/sys/kernel/hostname");
    }

    static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** A value of {@code /etc/os-release}. */
    static String release(String key) {
        for (String line : text("/etc/os-release").split("\n")) {
            if (line.startsWith(key + "=")) {
                return line.substring(key.length() + 1).replace("\"", "");
            }
        }
        return "";
    }

    /** The machine as the kernel names it: {@code x86_64}. */
    static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "x86_64";
            default -> System.getProperty("os.arch");
        };
    }

    /** The machine as images name it: {@code amd64}. */
    static String goArchitecture() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm64";
            default -> System.getProperty("os.arch");
        };
    }

    /** Whether the unified hierarchy is the only one. */
    static boolean cgroupV2() {
        return Files.exists(CGROUP.resolve("cgroup.controllers"));
    }

    /** Whether a controller of version 1 has this file, or the unified hierarchy the controller. */
    static boolean controller(String name, String file) {
        if (cgroupV2()) {
            return java.util.List.of(text(CGROUP.resolve("cgroup.controllers").toString())
                            .split(" "))
                    .contains(name);
        }
        return Files.exists(CGROUP.resolve(name).resolve(file));
    }

    /** The name the original gives to the file system of a directory. */
    static String filesystem(Path directory) {
        try {
            String type = Files.getFileStore(directory).type();
            return switch (type) {
                case "ext2", "ext3", "ext4" -> "extfs";
                case "overlay" -> "overlayfs";
                default -> type;
            };
        } catch (IOException e) {
            return "<unknown>";
        }
    }

    static int openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
