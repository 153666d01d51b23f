package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ImageInspect;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image as {@code inspect} shows it to a client of some version: since 1.50 without what only containers have. */
final class ImageShape {
    private static final JsonType<ImageInspect> RECORD = Jsonb.instance().type(ImageInspect.class);

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

    /** What to answer. */
    static Object of(ImageInspect image, ApiVersion version) {
        if (!version.since(50)) {
            return image;
        }
        var all = JsonShape.members(RECORD.toJson(image));
        var config = JsonShape.object(all.get("Config"));
        config.keySet().removeAll(OF_CONTAINERS);
        if (version.since(52)) {
            config.keySet().removeIf(name -> CONFIG_IF_SET.contains(name) && empty(config.get(name)));
            all.keySet().removeIf(name -> IF_SET.contains(name) && empty(all.get(name)));
        }
        return all;
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
