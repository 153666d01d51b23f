package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import io.drydock.runc.runtime.CriuOptions.Flag;
import io.drydock.runc.runtime.criu.CriuOption;
import io.drydock.runc.runtime.criu.CriuRequest;
import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.spec.oci.runtime.Device;
import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Namespace;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a dump and a restore tell criu of a spec: which mounts and namespaces are not the container's own. */
final class CriuSpec {
    private static final String CONFIG = "/etc/criu/runc.conf";
    private static final int LOG_LEVEL = 4;
    private static final int NEW_NETWORK = 0x40000000;
    private static final List<String> DEVICES =
            List.of("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/urandom", "/dev/random");

    private final Spec spec;
    private final CgroupView cgroups;

    CriuSpec(Spec spec, CgroupView cgroups) {
        this.spec = spec;
        this.cgroups = cgroups;
    }

    /** What both requests say alike. */
    void common(CriuRequest request, CriuOptions options, String log) throws IOException {
        request.set(CriuOption.LOG_LEVEL, LOG_LEVEL)
                .set(CriuOption.LOG_FILE, log)
                .set(CriuOption.MANAGE_CGROUPS, true)
                .set(CriuOption.MANAGE_CGROUPS_MODE, mode(options.cgroupsMode()))
                .set(CriuOption.NOTIFY_SCRIPTS, true)
                .set(CriuOption.ORPHAN_PTS_MASTER, true)
                // interfaces are made by who calls the runtime
                .set(CriuOption.EMPTY_NS, NEW_NETWORK);
        for (Flag flag : options.flags()) {
            if (flag.option != null) {
                request.set(flag.option, true);
            }
        }
        String config = spec.annotations().getOrDefault("org.criu.config", CONFIG);
        if (!config.isEmpty()) {
            request.set(CriuOption.CONFIG_FILE, config);
        }
    }

    private static int mode(String word) throws RuntimeFailure {
        return switch (word) {
            case "" -> 6;
            case "ignore" -> 0;
            case "soft" -> 3;
            case "full" -> 4;
            case "strict" -> 5;
            default -> throw new RuntimeFailure(RuntimeFailure.Kind.INVALID, "invalid manage-cgroups-mode value");
        };
    }

    /** Opens the directory of the images and that of the log, which is made if need be. Both are to stay open. */
    static List<Fd> directories(Linux linux, CriuRequest request, CriuOptions options) throws IOException {
        List<Fd> open = new ArrayList<>();
        try {
            open.add(linux.files().open(options.images().toString(), O.RDONLY | O.DIRECTORY));
            // criu finds them by our pid
            request.set(CriuOption.IMAGES_DIR_FD, open.getFirst().number());
            Path work = options.work();
            if (work != null) {
                Files.createDirectories(work);
                open.add(linux.files().open(work.toString(), O.RDONLY | O.DIRECTORY));
                request.set(CriuOption.WORK_DIR_FD, open.getLast().number());
            }
            return open;
        } catch (IOException e) {
            open.forEach(Fd::close);
            throw e;
        }
    }

    private boolean isBind(Mount mount) {
        return mount.options().contains("bind") || mount.options().contains("rbind");
    }

    private boolean isCgroup(Mount mount) {
        return "cgroup".equals(mount.type()) || "cgroup2".equals(mount.type());
    }

    /** Mounts that come from outside, by mount point, and their sources. */
    Map<String, String> externalMounts(Linux linux, Path bundle, Path rootfs) {
        Map<String, String> external = new LinkedHashMap<>();
        for (Mount mount : spec.mounts()) {
            String point = point(linux, rootfs, mount.destination());
            if (isCgroup(mount)) {
                if (!cgroups.unified() && !cgroups.ownNamespace()) {
                    for (CgroupView.Hierarchy hierarchy : cgroups.hierarchies()) {
                        external.put(point + '/' + hierarchy.directory(), hierarchy.path());
                    }
                }
            } else if (isBind(mount)) {
                String source = mount.source() == null ? "" : mount.source();
                external.put(point, bundle.resolve(source).toString());
            }
        }
        List<Device> devices = spec.linux() == null ? List.of() : spec.linux().devices();
        Stream.concat(DEVICES.stream(), devices.stream().map(Device::path))
                .forEach(path -> external.putIfAbsent(path, path));
        return external;
    }

    /** Where a destination leads if there are links on the way; as it is written if that cannot be seen from here. */
    private static String point(Linux linux, Path rootfs, String destination) {
        String written = Path.of(destination).normalize().toString();
        try (Fd root = linux.files().open(rootfs.toString(), O.PATH | O.DIRECTORY);
                Fd found = linux.files().openat2(root, destination, O.PATH, 0, Resolve.IN_ROOT)) {
            Path real = Path.of(linux.files().readlinkat(Fd.CWD, found.procPath()));
            Path base = Path.of(linux.files().readlinkat(Fd.CWD, root.procPath()));
            return real.startsWith(base) ? "/" + base.relativize(real) : written;
        } catch (LinuxException e) {
            return written;
        }
    }

    /** Files under a mask; {@code root} as the host sees it. */
    List<String> maskedFiles(Path root) {
        List<String> masked = spec.linux() == null ? List.of() : spec.linux().maskedPaths();
        return masked.stream()
                .filter(path -> {
                    Path file = root.resolve(Path.of("/").relativize(Path.of("/", path)));
                    return Files.exists(file) && !Files.isDirectory(file);
                })
                .toList();
    }

    boolean masksAnything() {
        return spec.linux() != null && !spec.linux().maskedPaths().isEmpty();
    }

    private List<Namespace> joined() {
        List<Namespace> all = spec.linux() == null ? List.of() : spec.linux().namespaces();
        return all.stream()
                .filter(namespace ->
                        namespace.path() != null && !namespace.path().isEmpty())
                .toList();
    }

    private static boolean isExternal(Namespace namespace) {
        return namespace.type().equals("network") || namespace.type().equals("pid");
    }

    /** The kernel's name of a namespace's kind. */
    private static String kernelName(Namespace namespace) {
        return switch (namespace.type()) {
            case "network" -> "net";
            case "mount" -> "mnt";
            default -> namespace.type();
        };
    }

    /** Under which name criu refers to a namespace that is not the container's own. */
    private static String key(Namespace namespace) {
        return namespace.type().equals("network") ? "extRootNetNS" : "extRootPidNS";
    }

    /** Network and pid namespaces that were given are not saved. */
    void leaveNamespaces(Linux linux, CriuRequest request) throws LinuxException {
        for (Namespace namespace : joined()) {
            if (isExternal(namespace)) {
                long inode = linux.files()
                        .statat(Fd.CWD, String.valueOf(namespace.path()), 0)
                        .inode();
                request.external(kernelName(namespace) + '[' + inode + "]:" + key(namespace));
            }
        }
    }

    /** Opens or names the namespaces to restore into; the descriptors get numbers from {@code first} in criu. */
    List<Fd> joinNamespaces(Linux linux, CriuRequest request, int first) throws IOException {
        List<Fd> open = new ArrayList<>();
        for (Namespace namespace : joined()) {
            String path = String.valueOf(namespace.path());
            if (namespace.type().equals("cgroup")) {
                open.forEach(Fd::close);
                throw new IOException("Do not know how to handle namespace NEWCGROUP");
            }
            if (!isExternal(namespace)) {
                request.join(kernelName(namespace), path);
                continue;
            }
            try {
                request.inherit(key(namespace), first + open.size());
                open.add(linux.files().open(path, O.RDONLY));
            } catch (LinuxException e) {
                open.forEach(Fd::close);
                throw new IOException("Requested " + namespace.type() + " namespace " + path + " does not exist", e);
            }
        }
        return open;
    }
}
