package io.drydock.docker.api;

import io.drydock.spec.engine.ContainerCreateRequest;
import io.drydock.spec.engine.ContainerCreateResponse;
import io.drydock.spec.engine.ContainerInspect;
import io.drydock.spec.engine.ContainerStats;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.ContainerTop;
import io.drydock.spec.engine.ContainerUpdateResponse;
import io.drydock.spec.engine.ContainerWaitResponse;
import io.drydock.spec.engine.FilesystemChange;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.LogMessage;
import io.drydock.spec.engine.LogQuery;
import io.drydock.spec.engine.PathStat;
import io.drydock.spec.engine.PruneContainersResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the container endpoints need. A container is named by its id, its name, or a unique beginning of its id; every method
 * throws {@link io.drydock.spec.engine.EngineException} with the original's words.
 */
public interface ContainerBackend {
    ContainerCreateResponse create(String name, String platform, boolean olderReadOnly, ContainerCreateRequest request);

    /**
     * Containers in the order of their creation, newest first.
     *
     * @param limit only that many newest, running or not; 0 or less for all
     */
    List<ContainerSummary> list(boolean all, int limit, boolean size, Filters filters);

    ContainerInspect inspect(String container, boolean size);

    void start(String container);

    /** Seconds null: as the container says; negative: for ever. */
    void stop(String container, String signal, @Nullable Integer seconds);

    void restart(String container, String signal, @Nullable Integer seconds);

    void kill(String container, String signal);

    void pause(String container);

    void unpause(String container);

    void rename(String container, String name);

    /** Changes limits and restart policy: the members of HostConfig that the map has. */
    ContainerUpdateResponse update(String container, Map<String, Object> changes);

    void remove(String container, boolean volumes, boolean force, boolean link);

    ContainerTop top(String container, String psArguments);

    void resize(String container, int height, int width);

    /** Begins to wait: what happens after the return is not missed. */
    Waiting await(String container, String condition);

    Attachment attach(String container, AttachOptions options);

    LogSource logs(String container, LogQuery query);

    /** Feeds samples, one a second or just one, until the receiver throws or the container is removed. */
    void stats(String container, boolean stream, boolean oneShot, StatsReceiver receiver)
            throws IOException, InterruptedException;

    List<FilesystemChange> changes(String container);

    void export(String container, OutputStream tar) throws IOException;

    PathStat statPath(String container, String path);

    /** The archive of a path; the stat is told before the first byte. */
    void readArchive(String container, String path, ArchiveReceiver receiver) throws IOException;

    void writeArchive(String container, String path, boolean noOverwriteDirNonDir, boolean copyUidGid, InputStream tar)
            throws IOException;

    PruneContainersResponse prune(Filters filters);

    /** A wait under way. */
    interface Waiting {
        /** Waits for the condition. */
        ContainerWaitResponse await() throws InterruptedException;
    }

    /** Which streams a client wants, and how it leaves them. */
    record AttachOptions(
            boolean logs, boolean stream, boolean stdin, boolean stdout, boolean stderr, String detachKeys) {}

    /** A container or exec whose streams can be joined. */
    interface Attachment {
        /** Whether there is a terminal, whose output needs no framing. */
        boolean terminal();

        /** Copies until the process has ended, the client has detached or gone. */
        void run(InputStream input, ClientOutput output) throws IOException, InterruptedException;
    }

    /** Bytes to a client; one call at a time. */
    @FunctionalInterface
    interface ClientOutput {
        void write(int stream, byte[] bytes, int length) throws IOException;
    }

    /** A log that can be read. */
    interface LogSource {
        boolean terminal();

        /** Reads until the end, or with follow until the container has ended. */
        void run(LogReceiver receiver) throws IOException, InterruptedException;
    }

    /** Takes lines of a log. */
    @FunctionalInterface
    interface LogReceiver {
        void accept(LogMessage message) throws IOException;
    }

    /** Takes samples. */
    @FunctionalInterface
    interface StatsReceiver {
        void accept(ContainerStats stats) throws IOException;
    }

    /** Takes an archive. */
    @FunctionalInterface
    interface ArchiveReceiver {
        OutputStream begin(PathStat stat) throws IOException;
    }
}
