package io.drydock.docker.engine.container.spec;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.Stat;
import io.drydock.spec.engine.DeviceMapping;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.oci.runtime.Device;
import io.drydock.spec.oci.runtime.DeviceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The device nodes a container sees, and the rules of its device control group. */
final class DeviceList {
    private static final Set<String> NOT_FROM_HOST = Set.of(
            "pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console", "stdin", "stdout", "stderr");
    private static final List<DeviceRule> DEFAULT_RULES = List.of(
            rule(false, null, null, null, "rwm"),
            rule(true, "c", null, null, "m"),
            rule(true, "b", null, null, "m"),
            rule(true, "c", 1L, 3L, "rwm"),
            rule(true, "c", 1L, 5L, "rwm"),
            rule(true, "c", 1L, 7L, "rwm"),
            rule(true, "c", 1L, 8L, "rwm"),
            rule(true, "c", 1L, 9L, "rwm"),
            rule(true, "c", 5L, 0L, "rwm"),
            rule(true, "c", 5L, 1L, "rwm"),
            rule(true, "c", 5L, 2L, "rwm"),
            rule(true, "c", 136L, null, "rwm"));

    private final Linux linux;
    private final List<Device> devices = new ArrayList<>();
    private final List<DeviceRule> rules = new ArrayList<>();

    DeviceList(Linux linux, HostConfig host) throws IOException {
        this.linux = linux;
        if (host.privileged()) {
            rules.add(rule(true, null, null, null, "rwm"));
            addTree(Path.of("/dev"), "/dev", "rwm", false);
            return;
        }
        rules.addAll(DEFAULT_RULES);
        for (DeviceMapping mapping : host.devices()) {
            add(mapping);
        }
        for (String text : host.deviceCgroupRules()) {
            rules.add(parse(text));
        }
    }

    List<Device> devices() {
        return devices;
    }

    List<DeviceRule> rules() {
        return rules;
    }

    private void add(DeviceMapping mapping) throws IOException {
        Path host = Path.of(mapping.pathOnHost());
        String target = mapping.pathInContainer().isEmpty() ? mapping.pathOnHost() : mapping.pathInContainer();
        String access = mapping.cgroupPermissions().isEmpty() ? "rwm" : mapping.cgroupPermissions();
        if (Files.isDirectory(host)) {
            addTree(host, target, access, true);
        } else if (!addNode(host, target, access, true)) {
            throw EngineException.invalid("error gathering device information while adding custom device \""
                    + mapping.pathOnHost() + "\": "
                    + (Files.exists(host) ? "not a device node" : "no such file or directory"));
        }
    }

    private void addTree(Path directory, String target, String access, boolean withRules) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (NOT_FROM_HOST.contains(name) || Files.isSymbolicLink(entry)) {
                    continue;
                }
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    addTree(entry, target + "/" + name, access, withRules);
                } else {
                    addNode(entry, target + "/" + name, access, withRules);
                }
            }
        }
    }

    private boolean addNode(Path host, String target, String access, boolean withRule) {
        Stat stat;
        try {
            stat = linux.files().statat(Fd.CWD, host.toString(), 0);
        } catch (LinuxException e) {
            return false;
        }
        String type = stat.is(Mode.CHAR_DEVICE) ? "c" : stat.is(Mode.BLOCK_DEVICE) ? "b" : "";
        if (type.isEmpty()) {
            return false;
        }
        devices.add(new Device(
                target,
                type,
                Mode.major(stat.specialDevice()),
                Mode.minor(stat.specialDevice()),
                stat.mode() & 07777,
                (long) stat.uid(),
                (long) stat.gid()));
        if (withRule) {
            rules.add(rule(
                    true,
                    type,
                    (long) Mode.major(stat.specialDevice()),
                    (long) Mode.minor(stat.specialDevice()),
                    access));
        }
        return true;
    }

    private static DeviceRule rule(
            boolean allow, @Nullable String type, @Nullable Long major, @Nullable Long minor, String access) {
        return new DeviceRule(allow, type, major, minor, access);
    }

    /** Reads {@code c 42:* rwm}. */
    static DeviceRule parse(String text) {
        String[] words = text.split(" ");
        String[] numbers = words.length == 3 ? words[1].split(":") : new String[0];
        if (numbers.length != 2 || !Set.of("a", "b", "c").contains(words[0])) {
            throw EngineException.invalid("invalid device cgroup rule format: '" + text + "'");
        }
        try {
            return rule(true, words[0], number(numbers[0]), number(numbers[1]), words[2]);
        } catch (NumberFormatException e) {
            throw EngineException.invalid("invalid device cgroup rule format: '" + text + "'");
        }
    }

    private static @Nullable Long number(String text) {
        return text.equals("*") ? null : Long.valueOf(text);
    }
}
