package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.VolumeRecord;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who keeps the files of volumes: the engine itself, or a plugin. Failures are {@code EngineException}s without the words
 * "create NAME: " and the like in front. Calls may take long; for one volume there is never more than one at a time.
 */
sealed interface VolumeDriver permits LocalDriver, PluginDriver {

    String name();

    /** Makes a volume. */
    void create(String name, Map<String, String> options);

    /** Removes a volume with its files. */
    void remove(String name);

    /**
     * Mounts a volume for a container.
     *
     * @param user the container's id
     * @param first whether no other container has it mounted
     * @return where its files are
     */
    Path mount(VolumeRecord volume, String user, boolean first);

    /** A container needs the volume no longer. */
    void unmount(VolumeRecord volume, String user, boolean last);
}
