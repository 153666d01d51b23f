package io.drydock.runc.runtime.plan;

import io.drydock.linux.Mode;
import io.drydock.spec.oci.runtime.Device;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes and links of {@code /dev}. */
final class DevicePlanner {
    private static final List<Device> DEFAULTS = List.of(
            character("/dev/null", 3),
            character("/dev/zero", 5),
            character("/dev/full", 7),
            character("/dev/random", 8),
            character("/dev/urandom", 9),
            new Device("/dev/tty", "c", 5, 0, 0666, 0L, 0L));

    private final PlanBuilder builder;
    private final int root;
    private final boolean bind;

    /** {@code bind}: in a user namespace nodes cannot be made, the host's are bound instead. */
    DevicePlanner(PlanBuilder builder, int root, boolean bind) {
        this.builder = builder;
        this.root = root;
        this.bind = bind;
    }

    private static Device character(String path, int minor) {
        return new Device(path, "c", 1, minor, 0666, 0L, 0L);
    }

    void plan(List<Device> devices) throws InvalidSpecException {
        Map<String, Device> byPath = new LinkedHashMap<>();
        DEFAULTS.forEach(device -> byPath.put(device.path(), device));
        devices.forEach(device -> byPath.put(device.path(), device));
        for (Device device : byPath.values()) {
            plan(device);
        }
        link("/proc/self/fd", "/dev/fd");
        link("/proc/self/fd/0", "/dev/stdin");
        link("/proc/self/fd/1", "/dev/stdout");
        link("/proc/self/fd/2", "/dev/stderr");
        if (Path.of("/proc/kcore").toFile().exists()) {
            link("/proc/kcore", "/dev/core");
        }
        link("pts/ptmx", "/dev/ptmx");
    }

    private void link(String target, String path) {
        builder.stage(new Op.SymlinkIn(root, target, path));
    }

    private void plan(Device device) throws InvalidSpecException {
        if (bind) {
            builder.stage(new Op.BindIn(root, device.path(), device.path(), Plan.NO_SLOT, 0, 0, 0, 0, Plan.NO_SLOT));
            return;
        }
        int type =
                switch (device.type()) {
                    case "c", "u" -> Mode.CHAR_DEVICE;
                    case "b" -> Mode.BLOCK_DEVICE;
                    case "p" -> Mode.FIFO;
                    default ->
                        throw new InvalidSpecException(
                                "invalid type \"" + device.type() + "\" of device " + device.path());
                };
        int mode = device.fileMode() == null ? 0666 : device.fileMode() & 07777;
        int uid = device.uid() == null ? 0 : device.uid().intValue();
        int gid = device.gid() == null ? 0 : device.gid().intValue();
        builder.stage(
                new Op.MknodIn(root, device.path(), type | mode, (int) device.major(), (int) device.minor(), uid, gid));
    }
}
