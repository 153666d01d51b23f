package io.drydock.docker.engine.log;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An endpoint that is opened again when it breaks. Used by one thread. */
final class Reconnecting implements Endpoint {

    /** Opens a connection. */
    @FunctionalInterface
    interface Opening {
        Endpoint open() throws IOException;
    }

    private final Opening opening;
    private final int attempts;
    private final Duration pause;
    private @Nullable Endpoint current;

    /**
     * @param attempts how often to open it anew for one message; at least 1
     * @param pause between two attempts
     */
    Reconnecting(Opening opening, int attempts, Duration pause) {
        this.opening = opening;
        this.attempts = attempts;
        this.pause = pause;
    }

    /** Opens it now, so that who cannot be reached is known at the container's start. */
    Reconnecting connected() throws IOException {
        current = opening.open();
        return this;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt <= attempts; attempt++) {
            try {
                if (current == null) {
                    current = opening.open();
                }
                current.send(bytes);
                return;
            } catch (IOException e) {
                last = e;
                drop();
                rest(attempt);
            }
        }
        throw last == null ? new IOException("not sent") : last;
    }

    private void rest(int attempt) throws IOException {
        if (attempt == 0) {
            return; // a connection that broke while nothing was sent
        }
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting", e);
        }
    }

    private void drop() {
        try {
            close();
        } catch (IOException e) {
            current = null;
        }
    }

    @Override
    public void close() throws IOException {
        var open = current;
        current = null;
        if (open != null) {
            open.close();
        }
    }
}
