package io.drydock.docker.engine.log;

import java.io.IOException;
import java.time.Instant;

/**
 * Where a container's lines go. Owned by the one thread that copies its output. Lines are appended to a buffer and reach the
 * file by {@link #commit}; a crash in between is undone by {@link #rollback} to the size that {@link #mark} gave before.
 */
public interface ContainerLog extends AutoCloseable {

    /**
     * Adds a line to the buffer.
     *
     * @param stream 1 for stdout, 2 for stderr
     * @param partial whether the line goes on in the next call, so that no newline belongs to it
     */
    void append(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time);

    /** Writes the buffered lines. */
    void commit() throws IOException;

    /** Where the next commit begins; prepares (rotates) the file so that the next commit goes there as a whole. */
    long mark() throws IOException;

    /** Forgets what was written behind a mark. */
    void rollback(long mark) throws IOException;

    /** The process has ended: nobody waits for a receiver of lines that does not answer. */
    default void hurry() {}

    /** Writes the buffered lines and closes the file; followers end. */
    @Override
    void close() throws IOException;

    /** A log that keeps nothing: the driver {@code none}. */
    ContainerLog NONE = new ContainerLog() {
        @Override
        public void append(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time) {}

        @Override
        public void commit() {}

        @Override
        public long mark() {
            return 0;
        }

        @Override
        public void rollback(long mark) {}

        @Override
        public void close() {}
    };
}
