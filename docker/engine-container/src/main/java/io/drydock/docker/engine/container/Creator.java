package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Mount;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.volume.Ids;
import io.drydock.docker.engine.container.volume.MountPlanner;
import io.drydock.docker.engine.container.volume.VolumeNames;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.image.ImageDetails;
import io.drydock.docker.engine.image.ImageViews;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.ContainerCreateRequest;
import io.drydock.spec.engine.ContainerCreateResponse;
import io.drydock.spec.engine.EndpointSettings;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.HostConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates containers: checks the wish, completes it by the image and the engine's defaults, and prepares the snapshot. */
final class Creator {
    private static final Logger LOG = LoggerFactory.getLogger(Creator.class);
    private static final int NAME_ATTEMPTS = 6;
    private static final int ABANDON_ATTEMPTS = 240;
    private static final Duration ABANDON_PAUSE = Duration.ofMillis(500);

    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final EngineDatabase database;
    private final ImageCatalog images;
    private final ImageMounts imageMounts;
    private final Volumes volumes;
    private final NetworkController networks;
    private final Supplier<HostDefaults> defaults;
    private final Supplier<Runtimes> runtimes;
    private final EventSink events;
    private final RandomNames names = new RandomNames(new SecureRandom());

    Creator(
            ContainerTable table,
            ContainerdClient containerd,
            EngineDatabase database,
            ImageCatalog images,
            Volumes volumes,
            NetworkController networks,
            Supplier<HostDefaults> defaults,
            Supplier<Runtimes> runtimes,
            EventSink events) {
        this.table = table;
        this.containerd = containerd;
        this.database = database;
        this.images = images;
        this.imageMounts = new ImageMounts(containerd, images);
        this.volumes = volumes;
        this.networks = networks;
        this.defaults = defaults;
        this.runtimes = runtimes;
        this.events = events;
    }

    /**
     * @param olderReadOnly whether read-only mounts leave what is mounted below them writable
     */
    ContainerCreateResponse create(String wantedName, boolean olderReadOnly, ContainerCreateRequest request) {
        ContainerConfig user = request.config();
        if (user.image().isEmpty()) {
            boolean nothing = user.cmd() == null && user.entrypoint() == null && request.hostConfig() == null;
            throw EngineException.invalid(
                    nothing ? "config cannot be empty in order to create a container" : "invalid reference format");
        }
        String id = Ids.random();
        if (request.hostConfig() != null) {
            HostRules.checkNetwork(user, request.hostConfig());
        }
        var checked = defaults.get().complete(request.hostConfig());
        var host = checked.host();
        ImageDetails image = images.find(user.image());
        var imageConfig = ImageViews.containerConfig(image.config().config());
        var config = ConfigMerge.merge(user, imageConfig, hostname(id, host));
        checkConfig(config);
        checkJoined(host);
        runtimes.get().check(host);
        String name = takeName(wantedName, id);
        try {
            var links = new Links(table, networks).kept(host, name);
            if (!links.isEmpty()) {
                host = HostDefaults.with(host, Map.of("Links", links));
            }
            var asked = request.networkingConfig() == null
                    ? Map.<String, EndpointSettings>of()
                    : request.networkingConfig().endpointsConfig();
            var endpoints = new EndpointWishes(networks, table).ofNew(host, asked);
            make(id, name, config, host, image, endpoints, olderReadOnly);
        } catch (RuntimeException e) {
            table.release(name, id);
            throw e;
        }
        return new ContainerCreateResponse(id, checked.warnings());
    }

    private void make(
            String id,
            String name,
            ContainerConfig config,
            HostConfig host,
            ImageDetails image,
            Map<String, EndpointSettings> endpoints,
            boolean olderReadOnly) {
        var mounts = new MountPlanner(
                        volumes, other -> named(other).definition().mounts())
                .plan(config, host).stream()
                        .map(plan -> asked(plan, olderReadOnly))
                        .toList();
        mounts.forEach(imageMounts::check);
        var words = new ArrayList<String>();
        if (config.entrypoint() != null) {
            words.addAll(config.entrypoint());
        }
        if (config.cmd() != null) {
            words.addAll(config.cmd());
        }
        var definition = new Definition(
                id,
                name,
                Times.text(Instant.now()),
                words.getFirst(),
                words.subList(1, words.size()),
                config,
                host,
                image.id(),
                image.chainId(),
                mounts,
                endpoints);
        List<Mount> rootfs;
        try {
            rootfs = containerd.snapshots(ImageCatalog.SNAPSHOTTER).prepare(id, image.chainId(), keep());
            imageMounts.prepare(definition);
        } catch (ContainerdException e) {
            abandon(definition);
            throw ImageCatalog.failure("prepare the root file system of container " + id, e);
        } catch (EngineException e) {
            abandon(definition); // an image that is mounted has been removed meanwhile
            throw e;
        }
        database.put(definition, RunState.NEW);
        var container = new Container(definition, RunState.NEW);
        container.rootfs = rootfs;
        useVolumes(definition);
        table.add(container);
        events.publish("container", "create", id, container.attributes());
    }

    /** A containerd that was killed may have made the snapshots all the same: the next one is asked to remove them. */
    private void abandon(Definition definition) {
        Thread.ofVirtual().name("abandon-" + definition.id()).start(() -> {
            for (int attempt = 0; attempt < ABANDON_ATTEMPTS; attempt++) {
                try {
                    Remover.removeSnapshots(containerd, definition);
                    return;
                } catch (ContainerdException e) {
                    LOG.debug("remove the snapshots of {}: {}", definition.id(), e.getMessage());
                    LockSupport.parkNanos(ABANDON_PAUSE.toNanos());
                }
            }
            LOG.warn("the snapshots of {}, which was not created, are left behind", definition.id());
        });
    }

    /** Before 1.44, what was mounted below a read-only directory stayed as it was. */
    private static MountPlan asked(MountPlan plan, boolean olderReadOnly) {
        boolean older = olderReadOnly
                && plan.type().equals("bind")
                && !plan.writable()
                && plan.options().isEmpty();
        return older ? plan.withOptions(MountPlan.READ_ONLY_NON_RECURSIVE) : plan;
    }

    /** A container's snapshot belongs to no image and no lease: this label keeps the collector off it. */
    private static Map<String, String> keep() {
        return Map.of("containerd.io/gc.root", Instant.now().toString());
    }

    private void useVolumes(Definition definition) {
        for (MountPlan plan : definition.mounts()) {
            if (plan.isVolume()) {
                volumes.use(plan.name(), definition.id());
            }
        }
    }

    private static String hostname(String id, HostConfig host) {
        if (!host.utsMode().equals("host") && !host.networkMode().equals("host")) {
            return id.substring(0, 12);
        }
        try {
            Path file = Path.of("/proc/sys/kernel/hostname");
            return Files.readString(file).strip();
        } catch (java.io.IOException e) {
            return id.substring(0, 12);
        }
    }

    private String takeName(String wanted, String id) {
        if (!wanted.isEmpty()) {
            String name = wanted.startsWith("/") ? wanted.substring(1) : wanted;
            if (!VolumeNames.valid(name)) {
                throw EngineException.invalid(
                        "Invalid container name (" + wanted + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
            }
            table.reserve(name, id);
            return name;
        }
        for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
            String name = names.next(attempt);
            if (!table.isTaken(name)) {
                try {
                    table.reserve(name, id);
                    return name;
                } catch (EngineException taken) {
                    continue;
                }
            }
        }
        table.reserve(id.substring(0, 12), id);
        return id.substring(0, 12);
    }

    private static void checkConfig(ContainerConfig config) {
        if (config.healthcheck() != null) {
            HealthRules.check(config.healthcheck());
        }
        if (!config.workingDir().isEmpty() && !config.workingDir().startsWith("/")) {
            throw EngineException.invalid(
                    "the working directory '" + config.workingDir() + "' is invalid, it needs to be an absolute path");
        }
        if (config.stopSignal() != null && !config.stopSignal().isEmpty()) {
            Signals.parse(config.stopSignal());
        }
        for (String entry : config.env()) {
            if (entry.isEmpty() || entry.startsWith("=")) {
                throw EngineException.invalid("invalid environment variable: " + entry);
            }
        }
        if (config.hostname().length() > 63) {
            throw EngineException.invalid("invalid hostname format: " + config.hostname());
        }
    }

    /** Containers to join must be there; a network is looked for when the container starts. */
    private void checkJoined(HostConfig host) {
        for (String mode : List.of(host.pidMode(), host.ipcMode())) {
            if (mode.startsWith("container:")) {
                named(mode.substring("container:".length()));
            }
        }
    }

    /** Another container that this one names. Not "not found" if there is none: clients would pull the image and try again. */
    private Container named(String other) {
        try {
            return table.find(other);
        } catch (EngineException e) {
            throw e.kind() == EngineException.Kind.NOT_FOUND
                    ? EngineException.invalid(String.valueOf(e.getMessage()))
                    : e;
        }
    }
}
