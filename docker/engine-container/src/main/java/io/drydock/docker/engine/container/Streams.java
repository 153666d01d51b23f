package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.docker.engine.log.ContainerLog;
import io.drydock.docker.engine.log.JsonFileLog;
import io.drydock.docker.engine.log.JsonFileOptions;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Opens the streams of containers and execs. */
final class Streams {
    private final Linux linux;
    private final Poller poller;
    private final ContainerPaths paths;

    Streams(Linux linux, Poller poller, ContainerPaths paths) {
        this.linux = linux;
        this.poller = poller;
        this.paths = paths;
    }

    /** The streams of a container's init for its next or present run; made by who comes first, attach or start. */
    ProcessStdio of(Container container) {
        synchronized (container.exits) {
            var known = container.stdio;
            if (known != null) {
                return known;
            }
            try {
                var opened = open(container);
                container.stdio = opened;
                return opened;
            } catch (IOException e) {
                throw EngineException.system(
                        "open the streams of container " + container.id + ": " + e.getMessage(), e);
            }
        }
    }

    private ProcessStdio open(Container container) throws IOException {
        var config = container.definition().config();
        ContainerLog log = ContainerLog.NONE;
        var driver = container.definition().hostConfig().logConfig();
        if (driver == null || !driver.type().equals("none")) {
            Files.createDirectories(paths.directory(container.id));
            var file = JsonFileLog.open(
                    paths.log(container.id),
                    JsonFileOptions.parse(driver == null ? java.util.Map.of() : driver.config()));
            container.log = file;
            log = file;
        }
        return ProcessStdio.open(
                linux,
                poller,
                paths.fifos(container.id),
                "init",
                new ProcessStdio.Wanted(config.tty(), config.openStdin(), true, true),
                log);
    }

    /** The streams of an exec. */
    ProcessStdio of(Container container, String execId, ProcessStdio.Wanted wanted) throws IOException {
        return ProcessStdio.open(linux, poller, paths.fifos(container.id), execId, wanted, ContainerLog.NONE);
    }

    /** Takes a container's streams off it: the run is over. */
    @Nullable
    ProcessStdio release(Container container) {
        synchronized (container.exits) {
            var stdio = container.stdio;
            container.stdio = null;
            container.log = null;
            return stdio;
        }
    }
}
