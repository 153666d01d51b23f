package io.drydock.runc.runtime.plan;

import io.drydock.spec.oci.runtime.Linux;
import io.drydock.spec.oci.runtime.Namespace;
import io.drydock.spec.oci.runtime.Spec;
import java.util.List;
import java.util.Set;

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
        require(isNew(namespaces, "mount"), "a mount namespace of its own is required");
        require(
                empty(spec.hostname()) || has(namespaces, "uts"),
                "unable to set hostname without a private UTS namespace");
        require(
                empty(spec.domainname()) || has(namespaces, "uts"),
                "unable to set domainname without a private UTS namespace");
        for (String key : linux.sysctl().keySet()) {
            sysctl(key, namespaces);
        }
        boolean mapped = !linux.uidMappings().isEmpty() || !linux.gidMappings().isEmpty();
        require(
                !mapped || has(namespaces, "user"),
                "user namespace mappings specified, but USER namespace isn't enabled in the config");
        require(!isNew(namespaces, "user") || mapped, "user namespaces enabled, but no user mappings found");
        require(
                linux.timeOffsets().isEmpty() || has(namespaces, "time"),
                "time namespace offsets specified, but time namespace isn't enabled in the config");
        String propagation = linux.rootfsPropagation() == null ? "" : linux.rootfsPropagation();
        require(
                empty(propagation) || MountOptions.propagationFlag(propagation) != 0,
                "rootfsPropagation=" + propagation + " is not supported");
        unsupported(linux);
        return linux;
    }

    /** Refused rather than ignored. */
    private static void unsupported(Linux linux) throws InvalidSpecException {
        require(linux.intelRdt() == null, "intelRdt is specified in config, but Intel RDT is not supported or enabled");
        require(linux.memoryPolicy() == null, "memoryPolicy is not supported");
        require(linux.netDevices().isEmpty(), "netDevices is not supported");
    }

    private static void sysctl(String key, List<Namespace> namespaces) throws InvalidSpecException {
        String dotted = key.replace('/', '.');
        if (IPC_SYSCTLS.contains(dotted) || dotted.startsWith("fs.mqueue.")) {
            require(has(namespaces, "ipc"), "sysctl \"" + key + "\" is not allowed in the hosts ipc namespace");
        } else if (dotted.startsWith("net.")) {
            require(has(namespaces, "network"), "sysctl \"" + key + "\" not allowed in host network namespace");
        } else if (dotted.equals("kernel.domainname")) {
            require(has(namespaces, "uts"), "sysctl \"" + key + "\" is not allowed in the hosts UTS namespace");
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

    private static boolean empty(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static void require(boolean condition, String message) throws InvalidSpecException {
        if (!condition) {
            throw new InvalidSpecException(message);
        }
    }
}
