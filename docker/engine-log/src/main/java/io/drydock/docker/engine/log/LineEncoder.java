package io.drydock.docker.engine.log;

import java.time.Instant;

/** Turns lines into the bytes of a log's file, in a growing buffer. Used by one thread at a time. */
interface LineEncoder {

    /** Adds a line; a partial one goes on in the next call. */
    void line(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time);

    /** The buffer; what it holds ends at {@link #size}. */
    byte[] buffer();

    /** How many bytes the buffer holds. */
    int size();

    /** Empties the buffer. */
    void clear();
}
