package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.docker.engine.plugin.PluginException;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.spec.engine.EngineException;
import java.util.List;

/** The drivers of volumes by name. */
final class VolumeDrivers {
    private final LocalDriver local;
    private final Plugins plugins;

    VolumeDrivers(LocalDriver local, Plugins plugins) {
        this.local = local;
        this.plugins = plugins;
    }

    LocalDriver local() {
        return local;
    }

    /** Whether a name is the local driver's, which is the one for who names none. */
    static boolean isLocal(String name) {
        return name.isEmpty() || name.equals(VolumeRecord.LOCAL);
    }

    VolumeDriver find(String name) {
        return isLocal(name) ? local : plugin(name);
    }

    PluginDriver plugin(String name) {
        try {
            return new PluginDriver(plugins.find(name, PluginDriver.PURPOSE));
        } catch (PluginException e) {
            String message = "error looking up volume plugin " + name + ": " + e.getMessage();
            throw e.kind() == PluginException.Kind.NOT_FOUND
                    ? EngineException.notFound(message)
                    : EngineException.system(message, e);
        }
    }

    /** Those of plugins that answer. */
    List<PluginDriver> ofPlugins() {
        return plugins.all(PluginDriver.PURPOSE).stream().map(PluginDriver::new).toList();
    }
}
