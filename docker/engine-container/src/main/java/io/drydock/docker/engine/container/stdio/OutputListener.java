package io.drydock.docker.engine.container.stdio;

import java.io.IOException;

/** A client that sees a container's output. Called by the copying threads, one at a time; slow writing slows the container. */
public interface OutputListener {

    /**
     * Takes bytes; the array is reused after the call.
     *
     * @param stream 1 for stdout, 2 for stderr
     * @throws IOException if the client has gone: it is forgotten
     */
    void output(int stream, byte[] bytes, int length) throws IOException;

    /** All output has been delivered: the process has ended. */
    void ended();
}
