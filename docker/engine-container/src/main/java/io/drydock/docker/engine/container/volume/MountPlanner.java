package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.engine.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Decides what is mounted in a container: {@code --volumes-from}, {@code -v}, {@code --mount}, and the image's volumes, of
 * which a later one takes the place of an earlier one at the same path. Named volumes are made, missing directories of
 * {@code -v} too.
 */
public final class MountPlanner {
    private final LocalVolumes volumes;
    private final Function<String, List<MountPlan>> mountsOf;

    /**
     * @param mountsOf the mounts of another container, for {@code --volumes-from}
     */
    public MountPlanner(LocalVolumes volumes, Function<String, List<MountPlan>> mountsOf) {
        this.volumes = volumes;
        this.mountsOf = mountsOf;
    }

    /** The mounts in the order of the wishes. */
    public List<MountPlan> plan(ContainerConfig config, HostConfig host) {
        var plans = new LinkedHashMap<String, MountPlan>();
        for (String from : host.volumesFrom()) {
            volumesFrom(from).forEach(plan -> plans.put(plan.destination(), plan));
        }
        var own = new LinkedHashMap<String, MountPlan>();
        for (String bind : host.binds()) {
            addUnique(own, BindSpec.parse(bind, volumes));
        }
        for (Mount mount : host.mounts()) {
            addUnique(own, mount(mount));
        }
        for (String path : host.tmpfs().keySet()) {
            if (own.containsKey(BindSpec.clean(path))) {
                throw EngineException.invalid("Duplicate mount point: " + BindSpec.clean(path));
            }
        }
        plans.putAll(own);
        for (String path : config.volumes().keySet()) {
            String destination = BindSpec.clean(path);
            if (!plans.containsKey(destination) && !host.tmpfs().containsKey(destination)) {
                plans.put(destination, anonymous(destination, true, true));
            }
        }
        return List.copyOf(plans.values());
    }

    private static void addUnique(Map<String, MountPlan> plans, MountPlan plan) {
        if (plans.putIfAbsent(plan.destination(), plan) != null) {
            throw EngineException.invalid("Duplicate mount point: " + plan.destination());
        }
    }

    private List<MountPlan> volumesFrom(String text) {
        int colon = text.indexOf(':');
        String container = colon < 0 ? text : text.substring(0, colon);
        String mode = colon < 0 ? "" : text.substring(colon + 1);
        if (!List.of("", "rw", "ro", "z", "Z").contains(mode)) {
            throw EngineException.invalid("invalid mode: " + mode);
        }
        var plans = new ArrayList<MountPlan>();
        for (MountPlan plan : mountsOf.apply(container)) {
            plans.add(new MountPlan(
                    plan.type(),
                    plan.name(),
                    plan.source(),
                    plan.destination(),
                    plan.driver(),
                    "",
                    plan.writable() && !mode.equals("ro"),
                    plan.propagation(),
                    false,
                    plan.options(),
                    false));
        }
        return plans;
    }

    private MountPlan anonymous(String destination, boolean writable, boolean copyUp) {
        String name = volumes.createAnonymous();
        return new MountPlan(
                "volume",
                name,
                volumes.data(name).toString(),
                destination,
                "local",
                "",
                writable,
                "",
                copyUp,
                "",
                true);
    }

    private MountPlan mount(Mount mount) {
        if (mount.target().isEmpty()) {
            throw invalid(mount, "field Target must not be empty");
        }
        String target = BindSpec.clean(mount.target());
        return switch (mount.type()) {
            case "bind" -> bind(mount, target);
            case "volume" -> volume(mount, target);
            case "tmpfs" -> tmpfs(mount, target);
            case "image" -> throw EngineException.notImplemented("image mounts are not built into this engine yet");
            default -> throw invalid(mount, "mount type unknown");
        };
    }

    private static EngineException invalid(Mount mount, String why) {
        return EngineException.invalid("invalid mount config for type \"" + mount.type() + "\": " + why);
    }

    private static MountPlan bind(Mount mount, String target) {
        if (!mount.source().startsWith("/")) {
            throw invalid(
                    mount,
                    mount.source().isEmpty()
                            ? "field Source must not be empty"
                            : "invalid mount path: '" + mount.source() + "' mount path must be absolute");
        }
        var options = mount.bindOptions();
        if (!Files.exists(Path.of(mount.source()))) {
            if (options == null || !options.createMountpoint()) {
                throw invalid(mount, "bind source path does not exist: " + mount.source());
            }
            createDirectories(Path.of(mount.source()));
        }
        String propagation = options == null || options.propagation().isEmpty() ? "rprivate" : options.propagation();
        return new MountPlan(
                "bind", "", mount.source(), target, "", "", !mount.readOnly(), propagation, false, "", false);
    }

    private MountPlan volume(Mount mount, String target) {
        var options = mount.volumeOptions();
        if (options != null && !options.subpath().isEmpty()) {
            throw EngineException.notImplemented("volume subpaths are not built into this engine yet");
        }
        if (options != null
                && options.driverConfig() != null
                && !(options.driverConfig().name().isEmpty()
                        || options.driverConfig().name().equals("local"))) {
            throw EngineException.notFound(
                    "error looking up volume plugin " + options.driverConfig().name() + ": plugin \""
                            + options.driverConfig().name() + "\" not found");
        }
        boolean copyUp = options == null || !options.noCopy();
        if (mount.source().isEmpty()) {
            return anonymous(target, !mount.readOnly(), copyUp);
        }
        volumes.ensure(mount.source());
        return new MountPlan(
                "volume",
                mount.source(),
                volumes.data(mount.source()).toString(),
                target,
                "local",
                "z",
                !mount.readOnly(),
                "",
                copyUp,
                "",
                false);
    }

    private static MountPlan tmpfs(Mount mount, String target) {
        if (!mount.source().isEmpty()) {
            throw invalid(mount, "field Source must not be specified");
        }
        var options = new ArrayList<String>();
        if (mount.readOnly()) {
            options.add("ro");
        }
        var wanted = mount.tmpfsOptions();
        if (wanted != null && wanted.sizeBytes() > 0) {
            options.add("size=" + wanted.sizeBytes());
        }
        if (wanted != null && wanted.mode() != 0) {
            options.add("mode=" + Integer.toOctalString(wanted.mode()));
        }
        if (wanted != null) {
            wanted.options().forEach(option -> options.add(String.join("=", option)));
        }
        return new MountPlan(
                "tmpfs", "", "", target, "", "", !mount.readOnly(), "", false, String.join(",", options), false);
    }

    static void createDirectories(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw EngineException.system(
                    "error while creating mount source path '" + path + "': mkdir " + path + ": " + e.getMessage(), e);
        }
    }
}
