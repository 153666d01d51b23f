package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.network.Endpoint;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.docker.engine.network.PublishedPort;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.spec.engine.ContainerInspect;
import io.drydock.spec.engine.ContainerState;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.EndpointSettings;
import io.drydock.spec.engine.GraphDriver;
import io.drydock.spec.engine.Health;
import io.drydock.spec.engine.MountPoint;
import io.drydock.spec.engine.NetworkSettings;
import io.drydock.spec.engine.PortBinding;
import io.drydock.spec.engine.PortSummary;
import io.drydock.spec.engine.SummaryHealth;
import io.drydock.spec.engine.SummaryHostConfig;
import io.drydock.spec.engine.SummaryNetworkSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Containers as the API shows them. Reads immutable snapshots only: never waits for a container. */
final class ContainerViews {
    private final NetworkController networks;
    private final ContainerPaths paths;
    private final SnapshotSizes sizes;

    ContainerViews(NetworkController networks, ContainerPaths paths, SnapshotSizes sizes) {
        this.networks = networks;
        this.paths = paths;
        this.sizes = sizes;
    }

    /** {@code Up 3 minutes}, {@code Exited (0) 2 days ago} and so on. */
    static String status(Container.Run run, @Nullable Health health, Instant now) {
        var state = run.state();
        Duration up = Duration.between(run.started(), now);
        Duration down = Duration.between(run.finished(), now);
        return switch (state.status()) {
            case RUNNING -> "Up " + Times.human(up) + health(health);
            case PAUSED -> "Up " + Times.human(up) + " (Paused)";
            case RESTARTING -> "Restarting (" + state.exitCode() + ") " + Times.human(down) + " ago";
            case REMOVING -> "Removal In Progress";
            case DEAD -> "Dead";
            case CREATED -> "Created";
            case EXITED ->
                state.finishedAt().equals(RunState.NEVER)
                        ? "Created"
                        : "Exited (" + state.exitCode() + ") " + Times.human(down) + " ago";
        };
    }

    private static String health(@Nullable Health health) {
        if (health == null) {
            return "";
        }
        return health.status().equals(HealthRules.STARTING) ? " (health: starting)" : " (" + health.status() + ")";
    }

    ContainerSummary summary(Container container, boolean size, Instant now) {
        var definition = container.definition();
        var run = container.run();
        var state = run.state();
        var sandbox = networks.sandbox(definition.id());
        var config = definition.config();
        var words = new ArrayList<String>();
        words.add(definition.path());
        words.addAll(definition.args());
        return new ContainerSummary(
                definition.id(),
                List.of("/" + definition.name()),
                config.image(),
                definition.imageId(),
                null,
                String.join(" ", words),
                container.created.getEpochSecond(),
                ports(definition, state, sandbox),
                size ? (Long) sizes.writable(definition.id()) : null,
                size ? (Long) sizes.all(definition) : null,
                config.labels(),
                state.status().word(),
                status(run, container.health, now),
                new SummaryHostConfig(definition.hostConfig().networkMode(), null),
                new SummaryNetworkSettings(endpoints(definition, state, sandbox)),
                mounts(definition),
                summaryHealth(container.health));
    }

    private static SummaryHealth summaryHealth(@Nullable Health health) {
        return health == null
                ? new SummaryHealth("none", 0)
                : new SummaryHealth(health.status(), health.failingStreak());
    }

    private static List<PortSummary> ports(Definition definition, RunState state, @Nullable Sandbox sandbox) {
        var list = new ArrayList<PortSummary>();
        if (!state.alive()) {
            return list;
        }
        var published = sandbox == null ? List.<PublishedPort>of() : sandbox.publishedPorts();
        for (PublishedPort port : published) {
            list.add(new PortSummary(
                    port.hostIp(),
                    port.containerPort(),
                    port.hostPort(),
                    port.protocol().toString()));
        }
        for (String key : definition.config().exposedPorts().keySet()) {
            int slash = key.indexOf('/');
            String number = slash < 0 ? key : key.substring(0, slash);
            if (published.stream().noneMatch(port -> port.key().equals(key))
                    && number.chars().allMatch(Character::isDigit)) {
                list.add(new PortSummary(
                        null, Integer.parseInt(number), null, slash < 0 ? "tcp" : key.substring(slash + 1)));
            }
        }
        return list;
    }

    static List<MountPoint> mounts(Definition definition) {
        var points = new ArrayList<MountPoint>();
        for (MountPlan plan : definition.mounts()) {
            points.add(new MountPoint(
                    plan.type(),
                    plan.name().isEmpty() ? null : plan.name(),
                    plan.source(),
                    plan.destination(),
                    plan.driver().isEmpty() ? null : plan.driver(),
                    plan.mode(),
                    plan.writable(),
                    plan.propagation()));
        }
        return points;
    }

    private Map<String, EndpointSettings> endpoints(Definition definition, RunState state, @Nullable Sandbox sandbox) {
        var settings = new TreeMap<String, EndpointSettings>();
        definition.endpoints().forEach((name, asked) -> {
            var endpoint = sandbox == null
                    ? null
                    : sandbox.endpoints().stream()
                            .filter(e -> e.networkName().equals(name))
                            .findFirst()
                            .orElse(null);
            settings.put(name, endpoint == null ? idle(name, asked, state) : settings(definition, asked, endpoint));
        });
        return settings;
    }

    private EndpointSettings idle(String name, EndpointSettings asked, RunState state) {
        return new EndpointSettings(
                asked.ipamConfig(),
                asked.links(),
                asked.macAddress(),
                asked.aliases(),
                asked.driverOpts(),
                asked.gwPriority(),
                state.startedAt().equals(RunState.NEVER) ? "" : networkId(name),
                "",
                "",
                "",
                0,
                "",
                "",
                0,
                List.of());
    }

    private String networkId(String name) {
        try {
            return networks.network(name).id();
        } catch (NetworkException e) {
            return "";
        }
    }

    /** Clients before API 1.45 find the generated names among the aliases. */
    private static EndpointSettings settings(Definition definition, EndpointSettings asked, Endpoint endpoint) {
        boolean named = !endpoint.names().isEmpty();
        return new EndpointSettings(
                asked.ipamConfig(),
                asked.links(),
                endpoint.macAddress(),
                named ? EndpointWishes.aliases(definition, asked) : asked.aliases(),
                asked.driverOpts(),
                asked.gwPriority(),
                endpoint.networkId(),
                endpoint.id(),
                endpoint.gateway(),
                endpoint.ipAddress(),
                endpoint.prefixLength(),
                endpoint.ipv6Gateway(),
                endpoint.ipv6Address(),
                endpoint.ipv6PrefixLength(),
                endpoint.names());
    }

    ContainerInspect inspect(Container container, boolean size) {
        var definition = container.definition();
        var state = container.state();
        var sandbox = networks.sandbox(definition.id());
        Path directory = paths.directory(definition.id());
        boolean json = !state.startedAt().equals(RunState.NEVER)
                && (definition.hostConfig().logConfig() == null
                        || definition.hostConfig().logConfig().type().equals("json-file"));
        var execs = container.execs.isEmpty() ? null : List.copyOf(container.execs.keySet());
        return new ContainerInspect(
                definition.id(),
                definition.created(),
                definition.path(),
                definition.args(),
                state(state, container.health),
                definition.imageId(),
                file(directory, "resolv.conf"),
                file(directory, "hostname"),
                file(directory, "hosts"),
                json ? paths.log(definition.id()).toString() : "",
                "/" + definition.name(),
                state.restartCount(),
                "overlay2",
                "linux",
                null,
                "",
                "",
                "",
                execs,
                definition.hostConfig(),
                new GraphDriver("overlay2", Map.of()),
                size ? (Long) sizes.writable(definition.id()) : null,
                size ? (Long) sizes.all(definition) : null,
                mounts(definition),
                definition.config(),
                networkSettings(definition, state, sandbox));
    }

    private static String file(Path directory, String name) {
        Path file = directory.resolve(name);
        return Files.exists(file) ? file.toString() : "";
    }

    private static ContainerState state(RunState state, @Nullable Health health) {
        var status = state.status();
        return new ContainerState(
                status.word(),
                state.alive() || status == RunState.Status.RESTARTING,
                status == RunState.Status.PAUSED,
                status == RunState.Status.RESTARTING,
                state.oomKilled(),
                status == RunState.Status.DEAD,
                state.pid(),
                state.exitCode(),
                state.error(),
                state.startedAt(),
                state.finishedAt(),
                health);
    }

    private NetworkSettings networkSettings(Definition definition, RunState state, @Nullable Sandbox sandbox) {
        var ports = new TreeMap<String, List<PortBinding>>();
        if (sandbox != null) {
            definition.config().exposedPorts().keySet().forEach(key -> ports.put(key, List.of()));
            for (PublishedPort port : sandbox.publishedPorts()) {
                var bindings = ports.get(port.key());
                var more = bindings == null ? new ArrayList<PortBinding>() : new ArrayList<>(bindings);
                more.add(new PortBinding(port.hostIp(), Integer.toString(port.hostPort())));
                ports.put(port.key(), more);
            }
        }
        Endpoint bridge = sandbox == null
                ? null
                : sandbox.endpoints().stream()
                        .filter(e -> e.networkName().equals("bridge"))
                        .findFirst()
                        .orElse(null);
        return new NetworkSettings(
                "",
                sandbox == null ? "" : sandbox.id(),
                sandbox == null ? "" : sandbox.key(),
                ports,
                false,
                "",
                0,
                bridge == null ? "" : bridge.id(),
                bridge == null ? "" : bridge.gateway(),
                bridge == null ? "" : bridge.ipv6Address(),
                bridge == null ? 0 : bridge.ipv6PrefixLength(),
                bridge == null ? "" : bridge.ipAddress(),
                bridge == null ? 0 : bridge.prefixLength(),
                bridge == null ? "" : bridge.ipv6Gateway(),
                bridge == null ? "" : bridge.macAddress(),
                endpoints(definition, state, sandbox));
    }
}
