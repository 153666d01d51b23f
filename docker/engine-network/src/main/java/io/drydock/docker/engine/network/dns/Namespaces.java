package io.drydock.docker.engine.network.dns;

import java.io.IOException;
import java.nio.file.Path;

/** Enters Linux network namespaces. */
public interface Namespaces {

    /** Something to do inside of a namespace. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does something inside of the namespace that is pinned at the file. */
    <T> T inside(Path file, Work<T> work) throws IOException;
}
