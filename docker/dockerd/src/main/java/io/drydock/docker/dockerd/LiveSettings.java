package io.drydock.docker.dockerd;

import io.drydock.docker.engine.container.HostDefaults;
import io.drydock.docker.engine.container.Runtimes;
import io.drydock.docker.engine.image.RegistrySettings;
import java.nio.file.Path;

/**
 * The settings of the engine's parts that may change while they run: asked for anew each time they are needed.
 *
 * @param config all that the daemon was told, what has changed since its start included
 */
record LiveSettings(DaemonConfig config, RegistrySettings registries, Runtimes runtimes, HostDefaults defaults) {

    /**
     * Works the settings out, and changes nothing.
     *
     * @param execRoot where files for containerd are
     * @throws BadUsage if one of them is wrong
     */
    static LiveSettings of(DaemonConfig config, InstalledPrograms programs, Path execRoot) throws BadUsage {
        var settings = new EngineSettings(config, programs);
        return new LiveSettings(
                config,
                settings.registries(execRoot.resolve("registry-hosts")),
                settings.runtimes(),
                settings.defaults());
    }
}
