package io.drydock.docker.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some room on the data root's disk that is given up when the disk is full: to remove a container, which makes room, the
 * databases need room first.
 */
final class DiskReserve {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final int BYTES = 1 << 20;

    private final Path file;

    DiskReserve(Path file) {
        this.file = file;
        restore();
    }

    /** Gives the room up; returns false if there was none. */
    synchronized boolean release() {
        try {
            boolean had = Files.deleteIfExists(file);
            if (had) {
                LOG.warn("the disk of {} may be full: its reserve is given up", file.getParent());
            }
            return had;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes the room again, if there is any. */
    synchronized void restore() {
        try {
            if (!Files.exists(file)) {
                Files.write(file, new byte[BYTES]);
            }
        } catch (IOException full) {
            // an incomplete reserve is one all the same
            LOG.debug("reserve of {}: {}", file.getParent(), full.getMessage());
        }
    }
}
