package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Tasks;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.log.LogDriver;
import io.drydock.docker.engine.log.RotatedLogReader;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.LogQuery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets clients join the streams of containers, and read their logs. */
final class Attaching {
    private static final Logger LOG = LoggerFactory.getLogger(Attaching.class);

    private final Streams streams;
    private final ContainerdClient containerd;
    private final EventSink events;

    Attaching(Streams streams, ContainerdClient containerd, EventSink events) {
        this.streams = streams;
        this.containerd = containerd;
        this.events = events;
    }

    /** Refuses what cannot be joined now. */
    void check(Container container) {
        switch (container.state().status()) {
            case PAUSED ->
                throw EngineException.conflict(
                        "container " + container.id + " is paused, unpause the container before attach");
            case RESTARTING ->
                throw EngineException.conflict(
                        "container " + container.id + " is restarting, wait until the container is running");
            case REMOVING, DEAD ->
                throw EngineException.conflict("container " + container.id + " is marked for removal");
            case CREATED, RUNNING, EXITED -> {}
        }
    }

    /**
     * Joins until the container has ended or the client has left.
     *
     * @param keys by which the client leaves
     */
    void run(Container container, Wanted wanted, byte[] keys, InputStream input, ClientSession.Output output)
            throws IOException, InterruptedException {
        if (wanted.logs()) {
            var query = new LogQuery(wanted.stdout(), wanted.stderr(), false, null, null, -1);
            readLog(container, query, message -> output.write(message.stream(), message.line(), message.line().length));
        }
        if (!wanted.stream()) {
            return;
        }
        var config = container.definition().config();
        var stdio = streams.of(container);
        var session = new ClientSession(stdio, output, wanted.stdout(), wanted.stderr());
        events.publish("container", "attach", container.id, container.attributes());
        if (wanted.stdin() && config.openStdin()) {
            session.copyInput(input, keys, () -> {
                if (config.stdinOnce() && !config.tty()) {
                    stdio.closeStdinWhenStarted();
                    closeStdin(container.id, Tasks.INIT);
                }
            });
        } else {
            session.watchInput(input);
        }
        if (session.await()) {
            events.publish("container", "detach", container.id, container.attributes());
        }
    }

    /** Lets a process read the end of its input. */
    void closeStdin(String id, String execId) {
        try {
            containerd.tasks().closeStdin(id, execId);
        } catch (ContainerdException e) {
            LOG.debug("close stdin of {}: {}", id, e.getMessage());
        }
    }

    /** What a client wants. */
    record Wanted(boolean logs, boolean stream, boolean stdin, boolean stdout, boolean stderr) {}

    /** Refuses a log that is not kept. */
    void checkLog(Container container) {
        if (LogDriver.readable(streams.logInfo(container.definition())) == null) {
            throw EngineException.notImplemented("configured logging driver does not support reading");
        }
    }

    /** Reads the log; with follow until the present run ends. */
    void readLog(Container container, LogQuery query, RotatedLogReader.Receiver receiver)
            throws IOException, InterruptedException {
        var live = container.state().alive() || container.state().status() == RunState.Status.CREATED
                ? container.log
                : null;
        var kept = LogDriver.readable(streams.logInfo(container.definition()));
        if (kept != null && (live != null || Files.exists(kept.file()))) {
            new RotatedLogReader(kept.file(), kept.format(), live, query, receiver).run();
        }
    }
}
