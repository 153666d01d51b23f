package io.drydock.docker.engine.network;

/** A network could not do what was asked. The message is what a user of Docker reads. */
public final class NetworkException extends Exception {
    private static final long serialVersionUID = 1;

    /** What kind of failure, for the one place that turns it into an HTTP status. */
    public enum Kind {
        /** The request makes no sense: 400. */
        INVALID,
        /** The request is not allowed, such as to remove a predefined network: 403. */
        FORBIDDEN,
        /** No such network or container: 404. */
        NOT_FOUND,
        /** The name is taken, or the thing is in use: 409. */
        CONFLICT,
        /** The system refused: 500. */
        SYSTEM
    }

    private final Kind kind;

    /** A failure of that kind. */
    public NetworkException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** A failure of that kind, and what led to it. */
    public NetworkException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of failure. */
    public Kind kind() {
        return kind;
    }
}
