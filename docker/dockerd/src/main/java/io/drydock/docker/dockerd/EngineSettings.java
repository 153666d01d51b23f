package io.drydock.docker.dockerd;

import io.drydock.containerd.client.PullRequest;
import io.drydock.docker.engine.container.ContainerEngine;
import io.drydock.docker.engine.container.ContainerPaths;
import io.drydock.docker.engine.container.HostDefaults;
import io.drydock.docker.engine.container.Runtimes;
import io.drydock.docker.engine.container.spec.DockerSeccomp;
import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.docker.engine.image.RegistrySettings;
import io.drydock.docker.engine.network.NetworkConfig;
import io.drydock.docker.engine.network.PublishPolicy;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.Ulimit;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** From the daemon's flags to the settings of the engine's parts. */
final class EngineSettings {
    private static final long SHM_SIZE = 64L << 20;

    private final DaemonConfig config;
    private final InstalledPrograms programs;

    EngineSettings(DaemonConfig config, InstalledPrograms programs) {
        this.config = config;
        this.programs = programs;
    }

    NetworkConfig networks() throws BadUsage {
        Path program = Path.of(config.text(
                DaemonFlag.USERLAND_PROXY_PATH, programs.program("docker-proxy").toString()));
        boolean ours = program.equals(programs.program("docker-proxy"));
        String hostAddress = config.text(DaemonFlag.IP, "");
        var pools = new ArrayList<NetworkConfig.AddressPool>();
        for (String text : config.list(DaemonFlag.DEFAULT_ADDRESS_POOL)) {
            pools.add(pool(text));
        }
        return new NetworkConfig(
                config.dataRoot().resolve("network"),
                config.execRoot(),
                new NetworkConfig.Bridge(
                        optional(DaemonFlag.BRIDGE),
                        optional(DaemonFlag.BIP),
                        optional(DaemonFlag.FIXED_CIDR),
                        optional(DaemonFlag.DEFAULT_GATEWAY),
                        config.number(DaemonFlag.MTU, 0),
                        config.flag(DaemonFlag.ICC, true),
                        new NetworkConfig.Ipv6(
                                config.flag(DaemonFlag.IPV6, false),
                                optional(DaemonFlag.BIP6),
                                optional(DaemonFlag.FIXED_CIDR_V6),
                                optional(DaemonFlag.DEFAULT_GATEWAY_V6))),
                new NetworkConfig.Firewall(
                        config.flag(DaemonFlag.IPTABLES, true),
                        config.flag(DaemonFlag.IP_MASQ, true),
                        config.flag(DaemonFlag.IP_FORWARD, true),
                        firewallBackend(config),
                        config.flag(DaemonFlag.IP6TABLES, true),
                        publishPolicy()),
                new NetworkConfig.Proxy(config.flag(DaemonFlag.USERLAND_PROXY, true), program, ours),
                hostAddress.isEmpty() ? null : address(hostAddress),
                pools);
    }

    /** {@code nftables}, unless the other one is asked for. */
    static String firewallBackend(DaemonConfig config) throws BadUsage {
        String backend = config.text(DaemonFlag.FIREWALL_BACKEND, "nftables");
        if (!backend.equals("nftables") && !backend.equals("iptables")) {
            throw new BadUsage("invalid firewall-backend \"" + backend + "\"");
        }
        return backend;
    }

    private PublishPolicy publishPolicy() throws BadUsage {
        String policy = config.text(DaemonFlag.PUBLISH_POLICY, "open");
        return switch (policy) {
            case "open" -> PublishPolicy.OPEN;
            case "local" -> PublishPolicy.LOCAL;
            case "firewall" -> {
                if (!config.flag(DaemonFlag.USERLAND_PROXY, true)) {
                    throw new BadUsage("publish-policy \"firewall\" needs the userland proxy");
                }
                yield PublishPolicy.FIREWALL;
            }
            default -> throw new BadUsage("invalid publish-policy \"" + policy + "\": must be open, firewall or local");
        };
    }

    private @Nullable String optional(DaemonFlag flag) {
        String text = config.text(flag, "");
        return text.isEmpty() ? null : text;
    }

    private static InetAddress address(String text) throws BadUsage {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new BadUsage(
                    "invalid argument \"" + text + "\" for \"--ip\" flag: " + text + " is not an ip address");
        }
    }

    private static NetworkConfig.AddressPool pool(String text) throws BadUsage {
        String base = "";
        int size = 0;
        for (String part : text.split(",")) {
            if (part.startsWith("base=")) {
                base = part.substring(5);
            } else if (part.startsWith("size=") && part.substring(5).chars().allMatch(Character::isDigit)) {
                size = Integer.parseInt(part.substring(5));
            }
        }
        if (base.isEmpty() || size == 0) {
            throw new BadUsage("invalid argument \"" + text + "\" for \"--default-address-pool\" flag: must be "
                    + "base=<CIDR>,size=<size>");
        }
        return new NetworkConfig.AddressPool(base, size);
    }

    RegistrySettings registries(Path hostsDirectory) throws BadUsage {
        return new RegistrySettings(
                hostsDirectory,
                config.mirrors(),
                config.list(DaemonFlag.INSECURE_REGISTRY),
                new PullRequest.Limits(
                        config.limit(DaemonFlag.MAX_CONCURRENT_DOWNLOADS, "max concurrent downloads"),
                        config.limit(DaemonFlag.MAX_CONCURRENT_UPLOADS, "max concurrent uploads"),
                        config.limit(DaemonFlag.MAX_DOWNLOAD_ATTEMPTS, "max download attempts")));
    }

    Runtimes runtimes() throws BadUsage {
        var programs = config.pairs(DaemonFlag.ADD_RUNTIME);
        String chosen = config.text(DaemonFlag.DEFAULT_RUNTIME, Runtimes.BUILT_IN);
        if (!chosen.equals(Runtimes.BUILT_IN)
                && !chosen.equals("io.containerd.runc.v2")
                && !programs.containsKey(chosen)) {
            throw new BadUsage("specified default runtime '" + chosen + "' does not exist");
        }
        if (programs.containsKey(Runtimes.BUILT_IN)) {
            throw new BadUsage("runtime name 'runc' is reserved");
        }
        return new Runtimes(programs, chosen);
    }

    /** As the original: of its own where there is one hierarchy, the host's with version 1. */
    private String cgroupNamespace() throws BadUsage {
        String mode = config.text(DaemonFlag.DEFAULT_CGROUPNS_MODE, SystemFacts.cgroupV2() ? "private" : "host");
        if (!mode.equals("private") && !mode.equals("host")) {
            throw new BadUsage("default cgroup namespace mode '" + mode + "' is invalid, must be 'host' or 'private'");
        }
        return mode;
    }

    /** What containers get that do not say otherwise. */
    HostDefaults defaults() throws BadUsage {
        boolean swap = SystemFacts.cgroupV2() || SystemFacts.controller("memory", "memory.memsw.limit_in_bytes");
        return new HostDefaults(
                runtimes().defaultName(),
                config.text(DaemonFlag.LOG_DRIVER, "json-file"),
                config.pairs(DaemonFlag.LOG_OPT),
                config.bytes(DaemonFlag.DEFAULT_SHM_SIZE, SHM_SIZE),
                config.flag(DaemonFlag.INIT, false),
                swap,
                config.text(DaemonFlag.DEFAULT_IPC_MODE, "private"),
                cgroupNamespace());
    }

    ContainerEngine.Settings containers(
            Supplier<HostDefaults> defaults, Supplier<Runtimes> runtimes, IntSupplier stopSeconds) {
        return new ContainerEngine.Settings(
                new ContainerPaths(config.dataRoot(), config.execRoot()),
                defaults,
                runtimes,
                new ContainerEngine.Dns(
                        config.list(DaemonFlag.DNS),
                        config.list(DaemonFlag.DNS_OPT),
                        config.list(DaemonFlag.DNS_SEARCH)),
                stopSeconds);
    }

    SpecFactory specs(Linux linux) throws BadUsage, IOException {
        Path init = Path.of(config.text(
                DaemonFlag.INIT_PATH, programs.program("docker-init").toString()));
        return new SpecFactory(
                linux,
                DockerSeccomp.of(config.text(DaemonFlag.SECCOMP_PROFILE, "builtin")),
                new SpecFactory.Settings(
                        init,
                        config.text(DaemonFlag.CGROUP_PARENT, "/docker"),
                        SystemFacts.cgroupV2(),
                        config.bytes(DaemonFlag.DEFAULT_SHM_SIZE, SHM_SIZE),
                        config.flag(DaemonFlag.NO_NEW_PRIVILEGES, false),
                        ulimits()));
    }

    private Map<String, Ulimit> ulimits() throws BadUsage {
        var limits = new LinkedHashMap<String, Ulimit>();
        for (String text : config.list(DaemonFlag.DEFAULT_ULIMIT)) {
            int equals = text.indexOf('=');
            List<String> numbers =
                    equals < 1 ? List.of() : List.of(text.substring(equals + 1).split(":"));
            try {
                long soft = Long.parseLong(numbers.getFirst());
                long hard = numbers.size() > 1 ? Long.parseLong(numbers.get(1)) : soft;
                String name = text.substring(0, equals);
                limits.put(name, new Ulimit(name, hard, soft));
            } catch (NumberFormatException | java.util.NoSuchElementException e) {
                throw new BadUsage("invalid argument \"" + text
                        + "\" for \"--default-ulimit\" flag: invalid ulimit argument: " + text);
            }
        }
        return limits;
    }
}
