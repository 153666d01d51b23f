package io.drydock.docker.engine.container;

import java.nio.file.Path;

/**
 * Where an engine keeps what.
 *
 * @param dataRoot {@code --data-root}
 * @param execRoot {@code --exec-root}
 */
public record ContainerPaths(Path dataRoot, Path execRoot) {

    /** The engine's files of a container. */
    Path directory(String id) {
        return dataRoot.resolve("containers").resolve(id);
    }

    Path log(String id) {
        return directory(id).resolve(id + "-json.log");
    }

    /** The FIFOs of a container. */
    Path fifos(String id) {
        return execRoot.resolve("containerd").resolve(id);
    }

    /** Where a container's shared memory is mounted that others may join. */
    Path sharedMemory(String id) {
        return directory(id).resolve("mounts").resolve("shm");
    }

    /** Mount points of the host for the time of one operation. */
    Path mounts() {
        return execRoot.resolve("mounts");
    }

    Path volumes() {
        return dataRoot.resolve("volumes");
    }
}
