package io.drydock.docker.cli.http;

import java.io.IOException;

/** The engine answered with an error; the message is the engine's own. */
public final class EngineException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    public EngineException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status: 404, 409 … */
    public int status() {
        return status;
    }
}
