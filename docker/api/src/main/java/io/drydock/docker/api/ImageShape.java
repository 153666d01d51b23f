package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.ImageInspect;
import io.drydock.spec.engine.ImageSummary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images as a client of some version is shown them: since 1.50 without what only containers have. */
final class ImageShape {
    private static final JsonType<ImageInspect> RECORD = Jsonb.instance().type(ImageInspect.class);
    private static final JsonType<ImageSummary> SUMMARY = Jsonb.instance().type(ImageSummary.class);
    private static final JsonType<ContainerConfig> CONFIG = Jsonb.instance().type(ContainerConfig.class);

    private static final List<String> OF_CONTAINERS = List.of(
            "Hostname",
            "Domainname",
            "AttachStdin",
            "AttachStdout",
            "AttachStderr",
            "Tty",
            "OpenStdin",
            "StdinOnce",
            "Image",
            "NetworkDisabled",
            "MacAddress",
            "StopTimeout");
    private static final List<String> CONFIG_IF_SET =
            List.of("Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "User", "Volumes", "WorkingDir");
    private static final List<String> IF_SET = List.of("Parent", "Comment", "DockerVersion", "Author");

    private ImageShape() {}

    /** One image with everything about it. */
    static Map<String, Object> of(ImageInspect image, ApiVersion version) {
        var all = JsonShape.members(RECORD.toJson(image));
        older(all, version);
        if (!version.since(45)) {
            all.put("Container", "");
            all.put("ContainerConfig", JsonShape.members(CONFIG.toJson(CONFIG.fromJson("{}"))));
        }
        var config = JsonShape.object(all.get("Config"));
        if (version.since(50)) {
            config.keySet().removeAll(OF_CONTAINERS);
        }
        if (!version.since(52)) {
            config.putIfAbsent("Entrypoint", null);
            config.putIfAbsent("OnBuild", null);
        } else {
            config.keySet().removeIf(name -> CONFIG_IF_SET.contains(name) && empty(config.get(name)));
            all.keySet().removeIf(name -> IF_SET.contains(name) && empty(all.get(name)));
        }
        return all;
    }

    /** A list of images, for clients older than 1.51. */
    static List<Map<String, Object>> list(List<ImageSummary> images, ApiVersion version) {
        var list = new ArrayList<Map<String, Object>>();
        for (ImageSummary image : images) {
            var all = JsonShape.members(SUMMARY.toJson(image));
            older(all, version);
            all.put("Containers", -1L);
            if (!version.since(43)
                    && image.repoTags().isEmpty()
                    && image.repoDigests().isEmpty()) {
                all.put("RepoTags", List.of("<none>:<none>"));
                all.put("RepoDigests", List.of("<none>@<none>"));
            }
            list.add(all);
        }
        return list;
    }

    private static void older(Map<String, Object> image, ApiVersion version) {
        if (!version.since(48)) {
            image.remove("Descriptor");
        }
        if (!version.since(44)) {
            image.put("VirtualSize", image.get("Size"));
        }
    }

    private static boolean empty(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> text.isEmpty();
            case Collection<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            default -> false;
        };
    }
}
