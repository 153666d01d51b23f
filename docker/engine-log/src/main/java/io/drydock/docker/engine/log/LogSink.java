package io.drydock.docker.engine.log;

import java.io.IOException;
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

    /** Sends a line; it is lost if this fails. */
    void send(Line line) throws IOException;

    @Override
    void close() throws IOException;
}
