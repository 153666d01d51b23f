package io.drydock.docker.dockerd;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.docker.api.ApiVersion;
import io.drydock.docker.api.EventBus;
import io.drydock.docker.api.SystemBackend;
import io.drydock.docker.engine.container.ContainerEngine;
import io.drydock.docker.engine.container.HostMemory;
import io.drydock.docker.engine.container.Runtimes;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.image.ImageViews;
import io.drydock.docker.engine.image.RegistrySettings;
import io.drydock.docker.engine.image.RemoteImages;
import io.drydock.docker.engine.log.LogDriver;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.AuthResponse;
import io.drydock.spec.engine.Commit;
import io.drydock.spec.engine.ContainerdInfo;
import io.drydock.spec.engine.ContainerdNamespaces;
import io.drydock.spec.engine.DiskUsage;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.FirewallInfo;
import io.drydock.spec.engine.IndexInfo;
import io.drydock.spec.engine.PluginsInfo;
import io.drydock.spec.engine.RegistryServiceConfig;
import io.drydock.spec.engine.Runtime;
import io.drydock.spec.engine.SwarmInfo;
import io.drydock.spec.engine.SystemInfo;
import io.drydock.spec.engine.SystemVersion;
import io.drydock.spec.engine.VersionComponent;
import io.drydock.spec.engine.VersionPlatform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Answers the system endpoints. */
final class SystemAdapter implements SystemBackend {
    private final Identity identity;
    private final Supplier<DaemonConfig> current;
    private final Engine engine;
    private final EventBus events;

    /**
     * Who this daemon is.
     *
     * @param id kept in the engine's database
     * @param exposed TCP addresses that are reached without TLS
     */
    record Identity(String id, List<String> exposed, boolean tlsWithoutVerify) {}

    /** The parts of the engine that are shown. */
    record Engine(
            ContainerEngine containers,
            ImageCatalog images,
            ImageViews views,
            Volumes volumes,
            ContainerdClient containerd,
            Supplier<RegistrySettings> registries,
            Supplier<Runtimes> runtimes,
            String containerdAddress) {}

    SystemAdapter(Identity identity, Supplier<DaemonConfig> current, Engine engine, EventBus events) {
        this.identity = identity;
        this.current = current;
        this.engine = engine;
        this.events = events;
    }

    @Override
    public SystemInfo info() {
        var counts = engine.containers().queries().counts();
        boolean v2 = SystemFacts.cgroupV2();
        boolean swap = v2 || SystemFacts.controller("memory", "memory.memsw.limit_in_bytes");
        boolean memory = SystemFacts.controller("memory", "memory.limit_in_bytes");
        boolean quota = SystemFacts.controller("cpu", "cpu.cfs_quota_us");
        boolean period = SystemFacts.controller("cpu", "cpu.cfs_period_us");
        boolean shares = SystemFacts.controller("cpu", "cpu.shares");
        boolean cpuset = SystemFacts.controller("cpuset", v2 ? "" : "cpuset.cpus");
        boolean pids = SystemFacts.controller("pids", "");
        boolean oomDisable = !v2 && SystemFacts.controller("memory", "memory.oom_control");
        boolean forwarding = SystemFacts.text("/proc/sys/net/ipv4/ip_forward").equals("1");
        var warnings = new ArrayList<String>();
        exposure(warnings);
        warn(warnings, memory, "WARNING: No memory limit support");
        warn(warnings, swap, "WARNING: No swap limit support");
        warn(warnings, v2 || oomDisable, "WARNING: No oom kill disable support");
        warn(warnings, quota, "WARNING: No cpu cfs quota support");
        warn(warnings, period, "WARNING: No cpu cfs period support");
        warn(warnings, shares, "WARNING: No cpu shares support");
        warn(warnings, cpuset, "WARNING: No cpuset support");
        warn(warnings, forwarding, "WARNING: IPv4 forwarding is disabled");
        var host = java.lang.Runtime.getRuntime();
        return new SystemInfo(
                identity.id(),
                counts.all(),
                counts.running(),
                counts.paused(),
                counts.stopped(),
                engine.images().all().size(),
                "overlay2",
                storage(),
                current.get().dataRoot().toString(),
                new PluginsInfo(
                        List.of("local"),
                        List.of("bridge", "host", "ipvlan", "macvlan", "null", "overlay"),
                        current.get().list(DaemonFlag.AUTHORIZATION_PLUGIN),
                        LogDriver.names()),
                memory,
                swap,
                period,
                quota,
                shares,
                cpuset,
                pids,
                forwarding,
                null,
                null,
                current.get().flag(DaemonFlag.DEBUG, false),
                SystemFacts.openFiles(),
                oomDisable,
                Thread.activeCount(),
                Instant.now().toString(),
                current.get().text(DaemonFlag.LOG_DRIVER, "json-file"),
                "cgroupfs",
                v2 ? "2" : "1",
                events.listeners(),
                SystemFacts.kernel(),
                SystemFacts.release("PRETTY_NAME"),
                SystemFacts.release("VERSION_ID"),
                "linux",
                SystemFacts.architecture(),
                "https://index.docker.io/v1/",
                registries(),
                host.availableProcessors(),
                HostMemory.total(),
                null,
                current.get().text(DaemonFlag.HTTP_PROXY, ""),
                current.get().text(DaemonFlag.HTTPS_PROXY, ""),
                current.get().text(DaemonFlag.NO_PROXY, ""),
                SystemFacts.hostname(),
                current.get().list(DaemonFlag.LABEL),
                false,
                Product.ENGINE,
                runtimes(),
                engine.runtimes().get().defaultName(),
                new SwarmInfo("", "", "inactive", false, "", null),
                current.get().flag(DaemonFlag.LIVE_RESTORE, false),
                "",
                "docker-init",
                new Commit(containerdVersion()),
                new Commit(Product.VERSION),
                new Commit(Product.VERSION),
                List.of("name=seccomp,profile=" + current.get().text(DaemonFlag.SECCOMP_PROFILE, "builtin")),
                "",
                List.of(),
                new FirewallInfo(current.get().text(DaemonFlag.FIREWALL_BACKEND, "nftables"), null),
                List.of(),
                new ContainerdInfo(engine.containerdAddress(), new ContainerdNamespaces("moby", "plugins.moby")),
                warnings);
    }

    private static void warn(List<String> warnings, boolean there, String text) {
        if (!there) {
            warnings.add(text);
        }
    }

    private void exposure(List<String> warnings) {
        String attack = "\n         Access to the remote API is equivalent to root access on the host. Refer\n"
                + "         to the 'Docker daemon attack surface' section in the documentation for\n"
                + "         more information: https://docs.docker.com/go/attack-surface/";
        for (String address : identity.exposed()) {
            warnings.add(
                    identity.tlsWithoutVerify()
                            ? "WARNING: API is accessible on https://" + address + " without TLS client verification."
                                    + attack
                            : "WARNING: API is accessible on http://" + address + " without encryption." + attack);
        }
    }

    private List<List<String>> storage() {
        boolean metacopy =
                SystemFacts.text("/sys/module/overlay/parameters/metacopy").equals("Y");
        boolean redirect =
                SystemFacts.text("/sys/module/overlay/parameters/redirect_dir").equals("Y");
        return List.of(
                List.of(
                        "Backing Filesystem",
                        SystemFacts.filesystem(current.get().dataRoot())),
                List.of("Supports d_type", "true"),
                List.of("Using metacopy", Boolean.toString(metacopy)),
                List.of("Native Overlay Diff", Boolean.toString(!redirect)),
                List.of("userxattr", "false"));
    }

    private RegistryServiceConfig registries() {
        var cidrs = new ArrayList<String>();
        cidrs.add("::1/128");
        cidrs.add("127.0.0.0/8");
        var index = new LinkedHashMap<String, IndexInfo>();
        index.put(
                "docker.io",
                new IndexInfo("docker.io", engine.registries().get().mirrors(), true, true));
        for (String insecure : engine.registries().get().insecure()) {
            if (insecure.contains("/")) {
                cidrs.addFirst(insecure);
            } else {
                index.put(insecure, new IndexInfo(insecure, List.of(), false, false));
            }
        }
        return new RegistryServiceConfig(cidrs, index, engine.registries().get().mirrors());
    }

    private Map<String, Runtime> runtimes() {
        var runtimes = new LinkedHashMap<String, Runtime>();
        runtimes.put("io.containerd.runc.v2", new Runtime("runc", null, null, null));
        runtimes.put(Runtimes.BUILT_IN, new Runtime("runc", null, null, null));
        engine.runtimes()
                .get()
                .programs()
                .forEach((name, path) -> runtimes.put(name, new Runtime(path, null, null, null)));
        return runtimes;
    }

    private String containerdVersion() {
        try {
            var version = engine.containerd().version();
            return version.revision().isEmpty() ? version.version() : version.revision();
        } catch (ContainerdException e) {
            return "N/A";
        }
    }

    @Override
    public SystemVersion version() {
        String kernel = SystemFacts.kernel();
        var details = new LinkedHashMap<String, String>();
        details.put("ApiVersion", ApiVersion.MAX.toString());
        details.put("Arch", SystemFacts.goArchitecture());
        details.put("BuildTime", Product.BUILT);
        details.put("Experimental", "false");
        details.put("GitCommit", Product.COMMIT);
        details.put("GoVersion", Product.RUNTIME);
        details.put("KernelVersion", kernel);
        details.put("MinAPIVersion", ApiVersion.MIN.toString());
        details.put("Os", "linux");
        var components = List.of(
                new VersionComponent("Engine", Product.ENGINE, details),
                new VersionComponent("containerd", containerdVersion(), Map.of("GitCommit", Product.COMMIT)),
                new VersionComponent("runc", Product.VERSION, Map.of("GitCommit", Product.COMMIT)),
                new VersionComponent("docker-init", Product.VERSION, Map.of("GitCommit", Product.COMMIT)));
        return new SystemVersion(
                new VersionPlatform("Drydock " + Product.VERSION),
                components,
                Product.ENGINE,
                ApiVersion.MAX.toString(),
                ApiVersion.MIN.toString(),
                Product.COMMIT,
                Product.RUNTIME,
                "linux",
                SystemFacts.goArchitecture(),
                kernel,
                null,
                Product.BUILT);
    }

    @Override
    public AuthResponse auth(AuthConfig auth) {
        return new RemoteImages(engine.registries()).login(auth);
    }

    @Override
    public DiskUsage diskUsage() {
        var images = engine.views().list(true, false, Filters.NONE);
        long layers = engine.images().all().stream()
                .flatMap(found -> found.details().chainIds().stream())
                .distinct()
                .mapToLong(engine.images()::layerSize)
                .sum();
        return new DiskUsage(
                layers,
                images,
                engine.containers().queries().list(true, 0, true, Filters.NONE),
                engine.volumes().measured(),
                List.of());
    }
}
