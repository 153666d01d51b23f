package io.drydock.docker.dockerd;

import io.drydock.docker.api.ContainerBackend;
import io.drydock.docker.engine.container.ContainerCommands;
import io.drydock.docker.engine.container.ContainerFiles;
import io.drydock.docker.engine.container.ContainerQueries;
import io.drydock.docker.engine.container.ContainerStreams;
import io.drydock.spec.engine.ContainerCreateRequest;
import io.drydock.spec.engine.ContainerCreateResponse;
import io.drydock.spec.engine.ContainerInspect;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.ContainerTop;
import io.drydock.spec.engine.ContainerUpdateResponse;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.FilesystemChange;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.LogQuery;
import io.drydock.spec.engine.PathStat;
import io.drydock.spec.engine.PruneContainersResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets the container endpoints reach the engine. */
final class ContainerAdapter implements ContainerBackend {
    private final ContainerCommands commands;
    private final ContainerQueries queries;
    private final ContainerStreams streams;
    private final ContainerFiles files;

    ContainerAdapter(
            ContainerCommands commands, ContainerQueries queries, ContainerStreams streams, ContainerFiles files) {
        this.commands = commands;
        this.queries = queries;
        this.streams = streams;
        this.files = files;
    }

    @Override
    public ContainerCreateResponse create(
            String name, String platform, boolean olderReadOnly, ContainerCreateRequest request) {
        return commands.create(name, platform, olderReadOnly, request);
    }

    @Override
    public List<ContainerSummary> list(boolean all, int limit, boolean size, Filters filters) {
        return queries.list(all, limit, size, filters);
    }

    @Override
    public ContainerInspect inspect(String container, boolean size) {
        return queries.inspect(container, size);
    }

    @Override
    public void start(String container) {
        commands.start(container);
    }

    @Override
    public void stop(String container, String signal, @Nullable Integer seconds) {
        commands.stop(container, signal, seconds);
    }

    @Override
    public void restart(String container, String signal, @Nullable Integer seconds) {
        commands.restart(container, signal, seconds);
    }

    @Override
    public void kill(String container, String signal) {
        commands.kill(container, signal);
    }

    @Override
    public void pause(String container) {
        commands.pause(container);
    }

    @Override
    public void unpause(String container) {
        commands.unpause(container);
    }

    @Override
    public void rename(String container, String name) {
        commands.rename(container, name);
    }

    @Override
    public ContainerUpdateResponse update(String container, Map<String, Object> changes) {
        return commands.update(container, changes);
    }

    @Override
    public void remove(String container, boolean volumes, boolean force, boolean link) {
        if (link) {
            throw EngineException.notImplemented("links are not built into this engine yet");
        }
        commands.remove(container, volumes, force);
    }

    @Override
    public ContainerTop top(String container, String psArguments) {
        return queries.top(container, psArguments);
    }

    @Override
    public void resize(String container, int height, int width) {
        commands.resize(container, height, width);
    }

    @Override
    public Waiting await(String container, String condition) {
        return streams.await(container, condition)::await;
    }

    @Override
    public Attachment attach(String container, AttachOptions o) {
        return attachment(
                streams.attach(container, o.logs(), o.stream(), o.stdin(), o.stdout(), o.stderr(), o.detachKeys()));
    }

    static Attachment attachment(ContainerStreams.Joinable joinable) {
        return new Attachment() {
            @Override
            public boolean terminal() {
                return joinable.terminal();
            }

            @Override
            public void run(InputStream input, ClientOutput output) throws IOException, InterruptedException {
                joinable.join(input, output::write);
            }
        };
    }

    @Override
    public LogSource logs(String container, LogQuery query) {
        var log = streams.logs(container, query);
        return new LogSource() {
            @Override
            public boolean terminal() {
                return log.terminal();
            }

            @Override
            public void run(LogReceiver receiver) throws IOException, InterruptedException {
                log.read(receiver::accept);
            }
        };
    }

    @Override
    public void stats(String container, boolean stream, boolean oneShot, StatsReceiver receiver)
            throws IOException, InterruptedException {
        streams.stats(container, stream, oneShot, receiver::accept);
    }

    @Override
    public List<FilesystemChange> changes(String container) {
        return files.changes(container);
    }

    @Override
    public void export(String container, OutputStream tar) throws IOException {
        files.export(container, tar);
    }

    @Override
    public PathStat statPath(String container, String path) {
        return files.stat(container, path);
    }

    @Override
    public void readArchive(String container, String path, ArchiveReceiver receiver) throws IOException {
        files.read(container, path, receiver::begin);
    }

    @Override
    public void writeArchive(
            String container, String path, boolean noOverwriteDirNonDir, boolean copyUidGid, InputStream tar)
            throws IOException {
        files.write(container, path, noOverwriteDirNonDir, copyUidGid, tar);
    }

    @Override
    public PruneContainersResponse prune(Filters filters) {
        return commands.prune(filters);
    }
}
