package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.DiskUsage;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.ImageSummary;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Disk usage as a client of some version is told it: since 1.52 by sums for each kind of object, with the objects themselves
 * if the client wants them ({@code verbose}); before, and beside it for clients that do not know better, by lists.
 */
final class DiskUsageShape {
    private static final Set<String> TYPES = Set.of("container", "image", "volume", "build-cache");

    private static final JsonType<ContainerSummary> CONTAINER = Jsonb.instance().type(ContainerSummary.class);

    private DiskUsageShape() {}

    /** @param types what is asked for; none for all */
    static Object of(DiskUsage usage, List<String> types, boolean verbose, ApiVersion version) {
        for (String type : types) {
            if (!TYPES.contains(type)) {
                throw EngineException.invalid("unknown object type: " + type);
            }
        }
        var all = new LinkedHashMap<String, Object>();
        boolean sums = version.since(52);
        if (!sums || !verbose) {
            all.putAll(legacy(usage, types, version));
        }
        if (sums && wanted(types, "image")) {
            all.put("ImageUsage", images(usage, verbose));
        }
        if (sums && wanted(types, "container")) {
            all.put("ContainerUsage", containers(usage.containers(), verbose));
        }
        if (sums && wanted(types, "volume")) {
            all.put("VolumeUsage", volumes(usage.volumes(), verbose));
        }
        if (sums && wanted(types, "build-cache")) {
            all.put("BuildCacheUsage", sums(0, 0, 0, 0, null));
        }
        return all;
    }

    private static boolean wanted(List<String> types, String type) {
        return types.isEmpty() || types.contains(type);
    }

    private static Map<String, Object> legacy(DiskUsage usage, List<String> types, ApiVersion version) {
        var lists = JsonShape.members(Jsonb.instance().toJson(usage));
        if (!version.since(52)) {
            lists.put(
                    "Containers",
                    usage.containers().stream()
                            .map(container -> JsonShape.members(CONTAINER.toJson(container.withoutHealth())))
                            .toList());
        }
        if (!version.since(44) && lists.get("Images") instanceof List<?> images) {
            images.forEach(image -> JsonShape.object(image)
                    .put("VirtualSize", JsonShape.object(image).getOrDefault("Size", 0L)));
        }
        if (!version.since(42)) {
            lists.put("BuilderSize", 0L);
        }
        Map.of("image", "Images", "container", "Containers", "volume", "Volumes", "build-cache", "BuildCache")
                .forEach((type, list) -> {
                    if (!wanted(types, type)) {
                        lists.remove(list);
                    }
                });
        return lists;
    }

    private static Map<String, Object> sums(
            long active, long total, long size, long reclaimable, @Nullable String items) {
        var sums = new LinkedHashMap<String, Object>();
        sums.put("ActiveCount", active);
        sums.put("TotalCount", total);
        sums.put("TotalSize", size);
        sums.put("Reclaimable", reclaimable);
        if (items != null) {
            sums.put("Items", JsonShape.ANY.fromJson(items));
        }
        return sums;
    }

    private static Map<String, Object> images(DiskUsage usage, boolean verbose) {
        var used =
                usage.images().stream().filter(image -> image.containers() > 0).toList();
        long usedSize = used.stream().mapToLong(ImageSummary::size).sum();
        return sums(
                used.size(),
                usage.images().size(),
                usage.layersSize(),
                Math.max(usage.layersSize() - usedSize, 0),
                verbose ? Jsonb.instance().type(ImageSummary.class).list().toJson(usage.images()) : null);
    }

    private static long size(ContainerSummary container) {
        return container.sizeRw() == null ? 0 : container.sizeRw();
    }

    private static Map<String, Object> containers(List<ContainerSummary> containers, boolean verbose) {
        var active = containers.stream()
                .filter(container -> Set.of("running", "paused", "restarting").contains(container.state()))
                .toList();
        long total = containers.stream().mapToLong(DiskUsageShape::size).sum();
        return sums(
                active.size(),
                containers.size(),
                total,
                total - active.stream().mapToLong(DiskUsageShape::size).sum(),
                verbose ? Jsonb.instance().type(ContainerSummary.class).list().toJson(containers) : null);
    }

    private static VolumeUsage usage(Volume volume) {
        return volume.usageData() == null ? new VolumeUsage(0, 0) : volume.usageData();
    }

    private static Map<String, Object> volumes(List<Volume> volumes, boolean verbose) {
        var unused =
                volumes.stream().filter(volume -> usage(volume).refCount() == 0).toList();
        return sums(
                volumes.size() - unused.size(),
                volumes.size(),
                volumes.stream().mapToLong(volume -> usage(volume).size()).sum(),
                unused.stream().mapToLong(volume -> usage(volume).size()).sum(),
                verbose ? Jsonb.instance().type(Volume.class).list().toJson(volumes) : null);
    }
}
