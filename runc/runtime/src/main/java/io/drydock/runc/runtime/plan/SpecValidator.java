package io.drydock.runc.runtime.plan;

import io.drydock.spec.oci.runtime.Capabilities;
import io.drydock.spec.oci.runtime.IdMapping;
import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Namespace;
import io.drydock.spec.oci.runtime.NetDevice;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a spec must fulfil before anything is done: a list to read. */
final class SpecValidator {
    private static final Set<String> IPC_SYSCTLS = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    /** {@code IFNAMSIZ}: bytes of an interface's name with the zero at its end. */
    private static final int INTERFACE_NAME = 16;

    private SpecValidator() {}

    static Linux validate(Spec spec) throws InvalidSpecException {
        if (spec.root() == null || spec.root().path().isEmpty()) {
            throw new InvalidSpecException("Root must be specified");
        }
        Linux linux = spec.linux();
        if (linux == null) {
            throw new InvalidSpecException("linux must be specified");
        }
        List<Namespace> namespaces = linux.namespaces();
        new NamespacePlanner(namespaces); // refuses kinds that are unknown or given twice
        require(
                has(namespaces, "mount")
                        || linux.maskedPaths().isEmpty()
                                && linux.readonlyPaths().isEmpty(),
                "unable to restrict sys entries without a private MNT namespace");
        require(
                empty(spec.hostname()) || has(namespaces, "uts"),
                "unable to set hostname without a private UTS namespace");
        require(
                empty(spec.domainname()) || has(namespaces, "uts"),
                "unable to set domainname without a private UTS namespace");
        for (String key : linux.sysctl().keySet()) {
            sysctl(key, namespaces);
        }
        userNamespace(linux, namespaces);
        timeNamespace(linux, namespaces);
        for (Mount mount : spec.mounts()) {
            mount(mount);
        }
        String propagation = linux.rootfsPropagation() == null ? "" : linux.rootfsPropagation();
        require(
                empty(propagation) || MountOptions.propagationFlag(propagation) != 0,
                "rootfsPropagation=" + propagation + " is not supported");
        networkDevices(linux, namespaces);
        return linux;
    }

    private static void userNamespace(Linux linux, List<Namespace> namespaces) throws InvalidSpecException {
        boolean mapped = !linux.uidMappings().isEmpty() || !linux.gidMappings().isEmpty();
        require(
                !mapped || has(namespaces, "user"),
                "user namespace mappings specified, but user namespace isn't enabled in the config");
        require(
                !isNew(namespaces, "user") || mapped,
                "user namespaces enabled, but no namespace path to join nor mappings to apply specified");
        distinct("uid", linux.uidMappings());
        distinct("gid", linux.gidMappings());
    }

    /** The kernel refuses maps that overlap with no more than "invalid argument". */
    private static void distinct(String kind, List<IdMapping> maps) throws InvalidSpecException {
        for (int i = 0; i < maps.size(); i++) {
            for (int j = 0; j < i; j++) {
                IdMapping a = maps.get(i);
                IdMapping b = maps.get(j);
                require(
                        !overlap(a.containerID(), a.size(), b.containerID(), b.size())
                                && !overlap(a.hostID(), a.size(), b.hostID(), b.size()),
                        kind + "Mappings overlap");
            }
        }
    }

    private static boolean overlap(long a, long sizeOfA, long b, long sizeOfB) {
        return a < b + sizeOfB && b < a + sizeOfA;
    }

    private static void timeNamespace(Linux linux, List<Namespace> namespaces) throws InvalidSpecException {
        require(
                linux.timeOffsets().isEmpty() || has(namespaces, "time"),
                "time namespace offsets specified, but time namespace isn't enabled in the config");
        require(
                linux.timeOffsets().isEmpty() || isNew(namespaces, "time"),
                "time namespace enabled, but both namespace path and time offsets specified -- you may only provide one");
    }

    private static void mount(Mount mount) throws InvalidSpecException {
        MountOptions options = MountOptions.parse(mount.options());
        String invalid = "invalid mount " + mount.destination() + ": ";
        require(
                !options.isBind() || options.data().isEmpty(),
                invalid + "bind mounts cannot have any filesystem-specific options applied");
        boolean mapped = options.idMapped()
                || !mount.uidMappings().isEmpty()
                || !mount.gidMappings().isEmpty();
        require(!mapped || options.isBind(), invalid + "id-mapped mounts are only supported for bind-mounts");
        for (String text : Arrays.asList(mount.source(), mount.destination(), mount.type())) {
            require(text == null || text.indexOf('\0') < 0, "mount field contains null byte");
        }
    }

    /** What {@code runc exec} and the container's own program must say. */
    static Process process(@Nullable Process process) throws InvalidSpecException {
        if (process == null) {
            throw new InvalidSpecException("process property must not be empty");
        }
        String cwd = process.cwd();
        if (cwd == null || cwd.isEmpty()) {
            throw new InvalidSpecException("Cwd property must not be empty");
        }
        require(cwd.startsWith("/"), "Cwd must be an absolute path");
        require(!process.args().isEmpty(), "args must not be empty");
        require(
                empty(process.selinuxLabel()) || Files.isDirectory(Path.of("/sys/fs/selinux/booleans")),
                "selinux label is specified in config, but selinux is disabled or not supported");
        if (process.capabilities() != null) {
            capabilities(process.capabilities());
        }
        return process;
    }

    /** A name that this kernel lacks is a warning later on, as with runc; what can be no capability's name is a mistake. */
    private static void capabilities(Capabilities sets) throws InvalidSpecException {
        for (List<String> set : Arrays.asList(
                sets.bounding(), sets.effective(), sets.inheritable(), sets.permitted(), sets.ambient())) {
            for (String name : set == null ? List.<String>of() : set) {
                require(CapabilityNames.isName(name), "invalid capability \"" + name + '"');
            }
        }
    }

    private static void networkDevices(Linux linux, List<Namespace> namespaces) throws InvalidSpecException {
        require(
                linux.netDevices().isEmpty() || has(namespaces, "network"),
                "unable to move network devices without a NET namespace");
        for (Map.Entry<String, NetDevice> device : linux.netDevices().entrySet()) {
            deviceName(device.getKey());
            String inside = device.getValue().name();
            if (inside != null && !inside.isEmpty()) {
                deviceName(inside);
            }
        }
    }

    /** As the kernel's {@code dev_valid_name}. */
    private static void deviceName(String name) throws InvalidSpecException {
        boolean valid = !name.isEmpty()
                && name.getBytes(StandardCharsets.UTF_8).length < INTERFACE_NAME
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
        require(valid, "invalid network device name \"" + name + '"');
    }

    private static void sysctl(String key, List<Namespace> namespaces) throws InvalidSpecException {
        String dotted = key.replace('/', '.');
        // with slashes, a key could name any file from here
        require(
                !List.of(key.split("/")).contains(".."),
                "sysctl \"" + key + "\" is not in a separate kernel namespace");
        if (IPC_SYSCTLS.contains(dotted) || dotted.startsWith("fs.mqueue.")) {
            require(has(namespaces, "ipc"), "sysctl \"" + key + "\" is not allowed in the hosts ipc namespace");
        } else if (dotted.startsWith("net.")) {
            require(has(namespaces, "network"), "sysctl \"" + key + "\" not allowed in host network namespace");
        } else if (dotted.equals("kernel.domainname")) {
            require(has(namespaces, "uts"), "sysctl \"" + key + "\" is not in a separate kernel namespace");
        } else if (dotted.equals("kernel.hostname")) {
            throw new InvalidSpecException(
                    "sysctl \"" + key + "\" is not allowed as it conflicts with the OCI \"hostname\" field");
        } else {
            throw new InvalidSpecException("sysctl \"" + key + "\" is not in a separate kernel namespace");
        }
    }

    private static boolean has(List<Namespace> namespaces, String type) {
        return namespaces.stream().anyMatch(n -> n.type().equals(type));
    }

    private static boolean isNew(List<Namespace> namespaces, String type) {
        return namespaces.stream()
                .anyMatch(n ->
                        n.type().equals(type) && (n.path() == null || n.path().isEmpty()));
    }

    private static boolean empty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static void require(boolean condition, String message) throws InvalidSpecException {
        if (!condition) {
            throw new InvalidSpecException(message);
        }
    }
}
