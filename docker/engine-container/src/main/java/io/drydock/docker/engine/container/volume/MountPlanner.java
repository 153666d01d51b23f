package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.docker.engine.container.watch.Apart;
import io.drydock.spec.engine.BindOptions;
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
import org.jspecify.annotations.Nullable;

/**
 * Decides what is mounted in a container: {@code --volumes-from}, {@code -v}, {@code --mount}, and the image's volumes, of
 * which a later one takes the place of an earlier one at the same path. Named volumes are made, missing directories of
 * {@code -v} too.
 */
public final class MountPlanner {
    private final Volumes volumes;
    private final Function<String, List<MountPlan>> mountsOf;

    /**
     * @param mountsOf the mounts of another container, for {@code --volumes-from}
     */
    public MountPlanner(Volumes volumes, Function<String, List<MountPlan>> mountsOf) {
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
            addUnique(own, BindSpec.parse(bind, host.volumeDriver(), volumes));
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
                plans.put(
                        destination, volume(volumes.createAnonymous(host.volumeDriver()), destination, true, true, ""));
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
                    false,
                    plan.subpath()));
        }
        return plans;
    }

    private MountPlan volume(
            VolumeRecord volume, String destination, boolean writable, boolean copyUp, String subpath) {
        boolean anonymous = volume.labels().containsKey(VolumeRecord.ANONYMOUS);
        return new MountPlan(
                "volume",
                volume.name(),
                volumes.mountpoint(volume),
                destination,
                volume.driver(),
                anonymous || !volume.driver().equals(VolumeRecord.LOCAL) ? "" : "z",
                writable,
                "",
                copyUp,
                "",
                anonymous,
                subpath);
    }

    private MountPlan mount(Mount mount) {
        if (mount.target().isEmpty()) {
            throw invalid(mount, "field Target must not be empty");
        }
        if (!mount.target().startsWith("/")) {
            throw invalid(mount, "invalid mount path: '" + mount.target() + "' mount path must be absolute");
        }
        String target = BindSpec.clean(mount.target());
        if (target.equals("/")) {
            throw invalid(mount, "invalid specification: destination can't be '/'");
        }
        onlyOwnOptions(mount);
        return switch (mount.type()) {
            case "bind" -> bind(mount, target);
            case "volume" -> volume(mount, target);
            case "tmpfs" -> tmpfs(mount, target);
            case "image" -> image(mount, target);
            default -> throw invalid(mount, "mount type unknown");
        };
    }

    private static void onlyOwnOptions(Mount mount) {
        foreign(mount, "bind", "BindOptions", mount.bindOptions());
        foreign(mount, "volume", "VolumeOptions", mount.volumeOptions());
        foreign(mount, "image", "ImageOptions", mount.imageOptions());
        foreign(mount, "tmpfs", "TmpfsOptions", mount.tmpfsOptions());
    }

    private static void foreign(Mount mount, String type, String field, @Nullable Object options) {
        if (options != null && !mount.type().equals(type)) {
            throw invalid(mount, "field " + field + " must not be specified");
        }
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
        if (!present(Path.of(mount.source()), options != null && options.createMountpoint())) {
            throw invalid(mount, "bind source path does not exist: " + mount.source());
        }
        String propagation = options == null || options.propagation().isEmpty() ? "rprivate" : options.propagation();
        if (!BindSpec.PROPAGATION.contains(propagation)) {
            throw invalid(mount, "invalid propagation mode: " + propagation);
        }
        return new MountPlan(
                "bind",
                "",
                BindSpec.clean(mount.source()),
                target,
                "",
                "",
                !mount.readOnly(),
                propagation,
                false,
                options == null ? "" : recursion(mount, options),
                false);
    }

    /** Whether a path of the host is there; made if that is wanted and it is not. */
    static boolean present(Path source, boolean made) {
        String what = "bind source path " + source;
        try {
            return Apart.call(
                    what,
                    Apart.PATIENCE,
                    () -> {
                        boolean there = Files.exists(source);
                        if (!there && made) {
                            createDirectories(source);
                        }
                        return there || made;
                    },
                    there -> {});
        } catch (IOException e) {
            throw EngineException.system(what + ": " + e.getMessage(), e);
        }
    }

    private static String recursion(Mount mount, BindOptions options) {
        boolean soft = options.readOnlyNonRecursive();
        boolean force = options.readOnlyForceRecursive();
        if (!mount.readOnly() && (soft || force)) {
            throw invalid(
                    mount,
                    "mount options conflict: Writable && "
                            + (soft ? "ReadOnlyNonRecursive" : "ReadOnlyForceRecursive"));
        }
        if (soft && force) {
            throw invalid(mount, "mount options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive");
        }
        var words = new ArrayList<String>();
        if (options.nonRecursive()) {
            words.add(MountPlan.NON_RECURSIVE);
        }
        if (soft || force) {
            words.add(soft ? MountPlan.READ_ONLY_NON_RECURSIVE : MountPlan.READ_ONLY_FORCE_RECURSIVE);
        }
        return String.join(",", words);
    }

    private MountPlan volume(Mount mount, String target) {
        var options = mount.volumeOptions();
        if (options == null) {
            return volume(volumes.ensure(mount.source(), "", Map.of(), Map.of()), target, !mount.readOnly(), true, "");
        }
        if (!options.subpath().isEmpty() && mount.source().isEmpty()) {
            throw invalid(mount, "must not set Subpath when using anonymous volumes");
        }
        checkSubpath(mount, options.subpath());
        var driver = options.driverConfig();
        var volume = volumes.ensure(
                mount.source(),
                driver == null ? "" : driver.name(),
                driver == null ? Map.of() : driver.options(),
                options.labels());
        return volume(volume, target, !mount.readOnly(), !options.noCopy(), options.subpath());
    }

    private static void checkSubpath(Mount mount, String subpath) {
        if (!subpath.isEmpty()
                && (subpath.startsWith("/") || Path.of(subpath).normalize().startsWith(".."))) {
            throw invalid(mount, "subpath must be a relative path within the volume");
        }
    }

    private static MountPlan image(Mount mount, String target) {
        if (mount.source().isEmpty()) {
            throw invalid(mount, "field Source must not be empty");
        }
        String subpath =
                mount.imageOptions() == null ? "" : mount.imageOptions().subpath();
        checkSubpath(mount, subpath);
        return new MountPlan("image", mount.source(), "", target, "", "", false, "rprivate", false, "", false, subpath);
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
