package io.drydock.docker.api;

import io.drydock.spec.engine.ContainerCreateRequest;
import io.drydock.spec.engine.ContainerCreateResponse;
import io.drydock.spec.engine.ContainerInspect;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.ContainerTop;
import io.drydock.spec.engine.ContainerUpdateResponse;
import io.drydock.spec.engine.ContainerWaitResponse;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.FilesystemChange;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.LogMessage;
import io.drydock.spec.engine.LogQuery;
import io.drydock.spec.engine.PathStat;
import io.drydock.spec.engine.PruneContainersResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Containers that remember what was asked, and whose attached program writes its input in capitals at the input's end. */
final class FakeContainers implements ContainerBackend {
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile @Nullable EngineException failure;

    private void call(String text) {
        var failing = failure;
        if (failing != null) {
            throw failing;
        }
        calls.add(text);
    }

    @Override
    public ContainerCreateResponse create(
            String name, String platform, boolean olderReadOnly, ContainerCreateRequest request) {
        call("create " + name + " " + request.image() + " " + request.cmd());
        return new ContainerCreateResponse("made", List.of());
    }

    @Override
    public List<ContainerSummary> list(boolean all, int limit, boolean size, Filters filters) {
        call("list " + all + " " + filters.values());
        return List.of();
    }

    @Override
    public ContainerInspect inspect(String container, boolean size) {
        throw EngineException.notFound("No such container: " + container);
    }

    @Override
    public void start(String container) {
        call("start " + container);
    }

    @Override
    public void stop(String container, String signal, @Nullable Integer seconds) {
        call("stop " + container + " " + signal + " " + seconds);
    }

    @Override
    public void restart(String container, String signal, @Nullable Integer seconds) {
        call("restart " + container);
    }

    @Override
    public void kill(String container, String signal) {
        call("kill " + container + " " + signal);
    }

    @Override
    public void pause(String container) {
        call("pause " + container);
    }

    @Override
    public void unpause(String container) {
        call("unpause " + container);
    }

    @Override
    public void rename(String container, String name) {
        call("rename " + container + " " + name);
    }

    @Override
    public ContainerUpdateResponse update(String container, Map<String, Object> changes) {
        call("update " + container + " " + changes);
        return new ContainerUpdateResponse(List.of());
    }

    @Override
    public void remove(String container, boolean volumes, boolean force, boolean link) {
        call("remove " + container + " " + volumes + " " + force);
    }

    @Override
    public ContainerTop top(String container, String psArguments) {
        call("top " + container + " " + psArguments);
        return new ContainerTop(List.of(), List.of());
    }

    @Override
    public void resize(String container, int height, int width) {
        call("resize " + container + " " + height + " " + width);
    }

    @Override
    public Waiting await(String container, String condition) {
        call("wait " + container + " " + condition);
        return () -> new ContainerWaitResponse(3, null);
    }

    @Override
    public Attachment attach(String container, AttachOptions options) {
        call("attach " + container);
        return new Attachment() {
            @Override
            public boolean terminal() {
                return false;
            }

            @Override
            public void run(InputStream input, ClientOutput output) throws IOException {
                byte[] answer = new String(input.readAllBytes(), StandardCharsets.UTF_8)
                        .toUpperCase(Locale.ROOT)
                        .getBytes(StandardCharsets.UTF_8);
                output.write(1, answer, answer.length);
            }
        };
    }

    @Override
    public LogSource logs(String container, LogQuery query) {
        call("logs " + container);
        return new LogSource() {
            @Override
            public boolean terminal() {
                return false;
            }

            @Override
            public void run(LogReceiver receiver) throws IOException {
                receiver.accept(new LogMessage(
                        1,
                        "out\n".getBytes(StandardCharsets.UTF_8),
                        Instant.parse("2024-05-06T07:08:09.000000001Z"),
                        Map.of()));
            }
        };
    }

    @Override
    public void stats(String container, boolean stream, boolean oneShot, StatsReceiver receiver) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FilesystemChange> changes(String container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void export(String container, OutputStream tar) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PathStat statPath(String container, String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void readArchive(String container, String path, ArchiveReceiver receiver) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeArchive(
            String container, String path, boolean noOverwriteDirNonDir, boolean copyUidGid, InputStream tar) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PruneContainersResponse prune(Filters filters) {
        throw new UnsupportedOperationException();
    }
}
