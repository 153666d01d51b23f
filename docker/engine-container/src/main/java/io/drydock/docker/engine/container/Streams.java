package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.log.ContainerLog;
import io.drydock.docker.engine.log.LogDriver;
import io.drydock.docker.engine.log.LogInfo;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Map;
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
        var definition = container.definition();
        var config = definition.config();
        var driver = definition.hostConfig().logConfig();
        ContainerLog log = driver != null && driver.type().equals("none")
                ? ContainerLog.NONE
                : new DeferredLog(() -> openLog(container));
        return ProcessStdio.open(
                linux,
                poller,
                paths.fifos(container.id),
                "init",
                new ProcessStdio.Wanted(config.tty(), config.openStdin(), true, true),
                log);
    }

    private ContainerLog openLog(Container container) {
        var info = logInfo(container.definition());
        try {
            Files.createDirectories(info.directory());
            Files.createDirectories(info.directory().resolve("local-logs"));
        } catch (IOException e) {
            throw EngineException.system("failed to initialize logging driver: " + e.getMessage(), e);
        }
        var log = LogDriver.open(info, linux);
        container.log = LogDriver.live(log);
        return log;
    }

    /** Opens the log of streams that are about to be used, so that its failure is the start's. */
    static void openLog(ProcessStdio stdio) {
        if (stdio.log() instanceof DeferredLog log) {
            log.open();
        }
    }

    /** What the log drivers are told of a container. */
    LogInfo logInfo(Definition definition) {
        var config = definition.config();
        var driver = definition.hostConfig().logConfig();
        var command = new ArrayList<String>();
        command.add(definition.path());
        command.addAll(definition.args());
        return new LogInfo(
                driver == null ? "json-file" : driver.type(),
                driver == null ? Map.of() : driver.config(),
                definition.id(),
                definition.name(),
                definition.imageId(),
                config.image(),
                Times.instant(definition.created()),
                command,
                config.labels(),
                config.env(),
                paths.directory(definition.id()));
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
