package io.drydock.docker.engine.container.spec;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Box;
import io.drydock.spec.oci.runtime.Namespace;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Rlimit;
import io.drydock.spec.oci.runtime.Root;
import io.drydock.spec.oci.runtime.Seccomp;
import io.drydock.spec.oci.runtime.Spec;
import io.drydock.spec.oci.runtime.User;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the OCI spec of a container and of its execs. Thread-safe. */
public final class SpecFactory {
    private static final String VERSION = "1.2.0";
    private static final String INIT = "/sbin/docker-init";
    private static final BigInteger UNLIMITED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final Linux linux;
    private final CapabilitySets capabilities;
    private final ResourceLimits limits;
    private final SeccompProfiles seccomp;
    private final Settings settings;

    /** Filters of system calls. */
    public interface SeccompProfiles {
        /** The engine's own filter for a container with these capabilities; null for none. */
        @Nullable
        Seccomp builtin(List<String> capabilities);

        /** The filter that a profile's JSON says. */
        Seccomp parse(String profile, List<String> capabilities);
    }

    /**
     * What the daemon's flags say.
     *
     * @param initProgram the host's path of docker-init
     * @param cgroupParent where containers' control groups go that name no parent
     * @param cgroupV2 whether the host has the unified hierarchy only
     * @param shmSize bytes of /dev/shm unless the container says
     * @param noNewPrivileges for all containers
     * @param ulimits for containers that do not set them, by name
     */
    public record Settings(
            Path initProgram,
            String cgroupParent,
            boolean cgroupV2,
            long shmSize,
            boolean noNewPrivileges,
            Map<String, io.drydock.spec.engine.Ulimit> ulimits) {}

    /**
     * What is known only when the container starts.
     *
     * @param directory the engine's files for the container: hostname, hosts, resolv.conf
     * @param networkNamespace the path of the network namespace; null for the host's
     * @param pidNamespace as {@code /proc/1/ns/pid} of another container; null for none
     * @param ipcNamespace as the other; null for none
     * @param sharedMemory the host's directory for /dev/shm; null for one of the container's own
     * @param rootfs the container's files
     * @param linkVariables the environment variables that links to other containers set
     * @param builtInRuntime whether the runtime is this engine's own, whose abilities are known
     */
    public record Place(
            Path directory,
            @Nullable Path networkNamespace,
            @Nullable String pidNamespace,
            @Nullable String ipcNamespace,
            @Nullable Path sharedMemory,
            RootfsView rootfs,
            List<String> linkVariables,
            boolean builtInRuntime) {}

    public SpecFactory(Linux linux, SeccompProfiles seccomp, Settings settings) throws IOException {
        this.linux = linux;
        this.capabilities = CapabilitySets.ofThisProcess();
        this.limits = new ResourceLimits(linux);
        this.seccomp = seccomp;
        this.settings = settings;
    }

    /** Refuses what can be refused before the start. */
    public static void check(HostConfig host) {
        CapabilitySets.check(host);
        SecurityOptions.of(host);
        host.deviceCgroupRules().forEach(DeviceList::parse);
    }

    /** The spec. */
    public Spec spec(Definition definition, Place place) throws IOException {
        var host = definition.hostConfig();
        var security = SecurityOptions.of(host);
        var devices = new DeviceList(linux, host);
        boolean init = Boolean.TRUE.equals(host.init()) && !host.pidMode().equals("host");
        String hostname =
                host.utsMode().equals("host") ? null : definition.config().hostname();
        String domain = definition.config().domainname();
        var linuxPart = new io.drydock.spec.oci.runtime.Linux(
                List.of(),
                List.of(),
                sysctls(host),
                limits.of(host, devices.rules()),
                cgroupPath(definition),
                namespaces(host, place),
                devices.devices(),
                Map.of(),
                filter(host, security),
                MountList.rootPropagation(definition.mounts()).isEmpty()
                        ? null
                        : MountList.rootPropagation(definition.mounts()),
                hidden(host, security) ? maskedPaths(host) : List.of(),
                hidden(host, security) ? readonlyPaths(host) : List.of(),
                null,
                null,
                null,
                null,
                Map.of());
        return new Spec(
                VERSION,
                process(definition, place, security, init),
                new Root("rootfs", host.readonlyRootfs()),
                hostname,
                domain.isEmpty() ? null : domain,
                mounts(definition, place, init),
                null,
                host.annotations(),
                linuxPart);
    }

    /** The spec as JSON. */
    public byte[] json(Spec spec) {
        return OciJson.write(Spec.class, spec);
    }

    private static boolean hidden(HostConfig host, SecurityOptions security) {
        return !host.privileged() && !security.systemPathsShown();
    }

    private static List<String> maskedPaths(HostConfig host) {
        return host.maskedPaths() == null ? MASKED : host.maskedPaths();
    }

    private static List<String> readonlyPaths(HostConfig host) {
        return host.readonlyPaths() == null ? READONLY : host.readonlyPaths();
    }

    /** What inspect shows for a container that does not say. */
    public static List<String> defaultMaskedPaths() {
        return MASKED;
    }

    /** What inspect shows for a container that does not say. */
    public static List<String> defaultReadonlyPaths() {
        return READONLY;
    }

    private Process process(Definition definition, Place place, SecurityOptions security, boolean init) {
        var config = definition.config();
        var host = definition.hostConfig();
        var args = new ArrayList<String>();
        if (init) {
            args.add(INIT);
            args.add("--");
        }
        args.add(definition.path());
        args.addAll(definition.args());
        var size = host.consoleSize();
        Box box = config.tty() && size.size() == 2 && size.get(0) > 0 ? new Box(size.get(0), size.get(1)) : null;
        return new Process(
                config.tty(),
                box,
                user(place.rootfs(), config.user(), host.groupAdd()),
                args,
                null,
                Environment.of(hostname(definition), config.tty(), place.linkVariables(), config.env()),
                config.workingDir().isEmpty() ? "/" : config.workingDir(),
                capabilities.of(host),
                rlimits(host),
                security.noNewPrivileges() || settings.noNewPrivileges(),
                null,
                host.oomScoreAdj(),
                null,
                null,
                null,
                null);
    }

    private static String hostname(Definition definition) {
        var config = definition.config();
        return config.domainname().isEmpty() ? config.hostname() : config.hostname() + "." + config.domainname();
    }

    /** The numbers of a user of a container. */
    public static User user(RootfsView rootfs, String user) {
        return user(rootfs, user, List.of());
    }

    private static User user(RootfsView rootfs, String user, List<String> groups) {
        return new UserLookup(rootfs.read("etc/passwd"), rootfs.read("etc/group")).find(user, groups);
    }

    /**
     * What an exec wants that differs from its container.
     *
     * @param linkVariables the environment variables that links to other containers set
     */
    public record ExecWish(
            List<String> args,
            List<String> linkVariables,
            List<String> env,
            String user,
            String workingDir,
            boolean terminal,
            boolean privileged,
            @Nullable Box size) {}

    /** The process of an exec as JSON. */
    public byte[] exec(Definition definition, RootfsView rootfs, ExecWish wish) {
        var config = definition.config();
        var host = definition.hostConfig();
        var security = SecurityOptions.of(host);
        var env = Environment.of(hostname(definition), wish.terminal(), wish.linkVariables(), config.env());
        var caps = wish.privileged() ? privileged() : capabilities.of(host);
        String user = wish.user().isEmpty() ? config.user() : wish.user();
        String directory = wish.workingDir().isEmpty() ? config.workingDir() : wish.workingDir();
        var process = new Process(
                wish.terminal(),
                wish.size(),
                user(rootfs, user, host.groupAdd()),
                wish.args(),
                null,
                Environment.merge(env, wish.env()),
                directory.isEmpty() ? "/" : directory,
                caps,
                rlimits(host),
                security.noNewPrivileges() || settings.noNewPrivileges(),
                null,
                host.oomScoreAdj(),
                null,
                null,
                null,
                null);
        return OciJson.write(Process.class, process);
    }

    private io.drydock.spec.oci.runtime.Capabilities privileged() {
        return capabilities.of(
                io.avaje.jsonb.Jsonb.instance().type(HostConfig.class).fromJson("{\"Privileged\":true}"));
    }

    private List<Rlimit> rlimits(HostConfig host) {
        var byName = new LinkedHashMap<>(settings.ulimits());
        host.ulimits().forEach(limit -> byName.put(limit.name(), limit));
        var rlimits = new ArrayList<Rlimit>();
        byName.values()
                .forEach(limit -> rlimits.add(new Rlimit(
                        "RLIMIT_" + limit.name().toUpperCase(java.util.Locale.ROOT),
                        unsigned(limit.hard()),
                        unsigned(limit.soft()))));
        return rlimits;
    }

    private static BigInteger unsigned(long value) {
        return value < 0 ? UNLIMITED : BigInteger.valueOf(value);
    }

    private @Nullable Seccomp filter(HostConfig host, SecurityOptions security) {
        if (security.unconfined()) {
            return null;
        }
        var names = capabilities.names(host);
        String profile = security.seccompProfile();
        return profile == null ? seccomp.builtin(names) : seccomp.parse(profile, names);
    }

    private List<io.drydock.spec.oci.runtime.Mount> mounts(Definition definition, Place place, boolean init) {
        var host = definition.hostConfig();
        var list = new MountList(host.privileged());
        switch (host.ipcMode()) {
            case "host" -> {
                list.hostPath("/dev/shm", "/dev/shm", "rprivate");
                list.hostPath("/dev/mqueue", "/dev/mqueue", "rprivate");
            }
            case "none" -> {}
            default -> {
                if (place.sharedMemory() == null) {
                    list.privateShm(host.shmSize() > 0 ? host.shmSize() : settings.shmSize());
                } else {
                    list.hostPath(place.sharedMemory().toString(), "/dev/shm", "rprivate");
                }
            }
        }
        list.user(definition.mounts(), host, place.builtInRuntime());
        boolean writable = !host.readonlyRootfs();
        list.engineFile(place.directory().resolve("resolv.conf"), "/etc/resolv.conf", writable);
        list.engineFile(place.directory().resolve("hostname"), "/etc/hostname", writable);
        list.engineFile(place.directory().resolve("hosts"), "/etc/hosts", writable);
        if (init) {
            list.engineFile(settings.initProgram(), INIT, false);
        }
        return list.build();
    }

    private static Map<String, String> sysctls(HostConfig host) {
        var sysctls = new LinkedHashMap<String, String>();
        if (!host.networkMode().equals("host") && !host.networkMode().startsWith("container:")) {
            sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
            if (Files.exists(Path.of("/proc/sys/net/ipv4/ping_group_range"))) {
                sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
            }
        }
        sysctls.putAll(host.sysctls());
        return sysctls;
    }

    private String cgroupPath(Definition definition) {
        String parent = definition.hostConfig().cgroupParent();
        String base = parent.isEmpty() ? settings.cgroupParent() : parent;
        return (base.endsWith("/") ? base : base + "/") + definition.id();
    }

    private List<Namespace> namespaces(HostConfig host, Place place) {
        var namespaces = new ArrayList<Namespace>();
        namespaces.add(new Namespace("mount", null));
        if (place.networkNamespace() != null) {
            namespaces.add(new Namespace("network", place.networkNamespace().toString()));
        }
        if (!host.utsMode().equals("host")) {
            namespaces.add(new Namespace("uts", null));
        }
        if (!host.pidMode().equals("host")) {
            namespaces.add(new Namespace("pid", place.pidNamespace()));
        }
        if (!host.ipcMode().equals("host")) {
            namespaces.add(new Namespace("ipc", place.ipcNamespace()));
        }
        boolean ownCgroup = host.cgroupnsMode().isEmpty()
                ? settings.cgroupV2() && !host.privileged()
                : host.cgroupnsMode().equals("private");
        if (ownCgroup) {
            namespaces.add(new Namespace("cgroup", null));
        }
        if (!host.usernsMode().isEmpty() && !host.usernsMode().equals("host")) {
            throw EngineException.invalid("invalid userns mode: " + host.usernsMode());
        }
        return namespaces;
    }
}
