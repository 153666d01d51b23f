package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.docker.engine.plugin.Plugin;
import io.drydock.docker.engine.plugin.PluginException;
import io.drydock.spec.engine.EngineException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Volumes of a plugin. */
final class PluginDriver implements VolumeDriver {
    static final String PURPOSE = "VolumeDriver";
    private static final Logger LOG = LoggerFactory.getLogger(PluginDriver.class);
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMinutes(1);

    private final Plugin plugin;

    /** A volume as the plugin knows it. */
    record Found(
            String name,
            String mountpoint,
            String created,
            @Nullable Map<String, Object> status) {}

    PluginDriver(Plugin plugin) {
        this.plugin = plugin;
    }

    private Map<String, Object> call(String method, Map<String, ?> arguments, Duration limit) {
        try {
            var answer = plugin.client().call(PURPOSE + "." + method, arguments, limit);
            if (answer.get("Err") instanceof String error && !error.isEmpty()) {
                throw new EngineException(EngineException.Kind.SYSTEM, error);
            }
            return answer;
        } catch (PluginException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String name() {
        return plugin.name();
    }

    /** {@code local} or {@code global}. */
    String scope() {
        try {
            var answer = call("Capabilities", Map.of(), SHORT);
            var scope = answer.get("Capabilities") instanceof Map<?, ?> told
                    ? String.valueOf(told.get("Scope")).toLowerCase(Locale.ROOT)
                    : "";
            return scope.equals("global") ? scope : "local";
        } catch (EngineException e) {
            LOG.debug("capabilities of plugin {}: {}", plugin.name(), e.getMessage());
            return "local"; // plugins need not have this method
        }
    }

    @Override
    public void create(String name, Map<String, String> options) {
        call("Create", Map.of("Name", name, "Opts", options), LONG);
    }

    @Override
    public void remove(String name) {
        call("Remove", Map.of("Name", name), SHORT);
    }

    @Override
    public Path mount(VolumeRecord volume, String user, boolean first) {
        var answer = call("Mount", Map.of("Name", volume.name(), "ID", user), LONG);
        String place = text(answer, "Mountpoint");
        if (!place.startsWith("/")) {
            throw new EngineException(
                    EngineException.Kind.SYSTEM,
                    "plugin " + plugin.name() + " mounted volume " + volume.name() + " nowhere");
        }
        return Path.of(place);
    }

    @Override
    public void unmount(VolumeRecord volume, String user, boolean last) {
        call("Unmount", Map.of("Name", volume.name(), "ID", user), SHORT);
    }

    /** The volume of that name; null if there is none. */
    @Nullable
    Found get(String name) {
        return call("Get", Map.of("Name", name), SHORT).get("Volume") instanceof Map<?, ?> volume
                ? found(volume)
                : null;
    }

    /** All its volumes, whoever made them. */
    List<Found> list() {
        var found = new ArrayList<Found>();
        if (call("List", Map.of(), SHORT).get("Volumes") instanceof List<?> volumes) {
            for (Object volume : volumes) {
                if (volume instanceof Map<?, ?> map) {
                    found.add(found(map));
                }
            }
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    private static Found found(Map<?, ?> volume) {
        return new Found(
                text(volume, "Name"),
                text(volume, "Mountpoint"),
                text(volume, "CreatedAt"),
                volume.get("Status") instanceof Map<?, ?> status ? (Map<String, Object>) status : null);
    }

    private static String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : "";
    }
}
