package io.drydock.docker.engine.log;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Sends lines away. Used by one thread; that thread may be interrupted while it sends. */
interface LogSink extends AutoCloseable {

    /**
     * A line on its way.
     *
     * @param stream 1 for stdout, 2 for stderr
     * @param text without its newline
     * @param partial whether the line goes on in the next
     */
    record Line(int stream, byte[] text, boolean partial, Instant time) {}

    /** Sends a line, or puts it aside for {@link #flush}; it is lost if this fails. */
    void send(Line line) throws IOException;

    /** How long a line may be put aside, so that many go at once; zero if this sink sends each as it comes. */
    default Duration linger() {
        return Duration.ZERO;
    }

    /**
     * Sends what is put aside. Called {@link #linger} after the first such line, and before {@link #close}.
     *
     * @throws IOException if not all could be sent; what is kept is tried again after another {@link #linger}
     */
    default void flush() throws IOException {}

    @Override
    void close() throws IOException;
}
