package io.drydock.docker.engine.container;

import io.drydock.docker.engine.log.ContainerLog;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log that is opened when the container starts and not before, when a client joins its streams: opening may fail, which is
 * the start's failure. Used by the copying threads one at a time, and by who starts the container before there are any.
 */
final class DeferredLog implements ContainerLog {
    private final Supplier<ContainerLog> opening;
    private volatile @Nullable ContainerLog opened;

    /**
     * @param opening opens it; throws an EngineException if that cannot be
     */
    DeferredLog(Supplier<ContainerLog> opening) {
        this.opening = opening;
    }

    /** Opens it if it is not open yet. */
    synchronized ContainerLog open() {
        var log = opened;
        if (log == null) {
            log = opening.get();
            opened = log;
        }
        return log;
    }

    @Override
    public void append(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time) {
        open().append(stream, bytes, offset, length, partial, time);
    }

    @Override
    public void commit() throws IOException {
        open().commit();
    }

    /** Called before anything is appended: a log that cannot be opened costs its lines and not the container. */
    @Override
    public long mark() throws IOException {
        try {
            return open().mark();
        } catch (EngineException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void rollback(long mark) throws IOException {
        open().rollback(mark);
    }

    @Override
    public void hurry() {
        var log = opened;
        if (log != null) {
            log.hurry();
        }
    }

    @Override
    public void close() throws IOException {
        var log = opened;
        if (log != null) {
            log.close();
        }
    }
}
