package io.drydock.spec.engine;

import org.jspecify.annotations.Nullable;

/** A failure that the Engine API tells its client about: its class decides the status code, its message is the body. */
public final class EngineException extends RuntimeException {

    /** The classes of failure and the HTTP status each answers with. */
    public enum Kind {
        NOT_MODIFIED(304),
        INVALID(400),
        UNAUTHORIZED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        CONFLICT(409),
        SYSTEM(500),
        NOT_IMPLEMENTED(501),
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The HTTP status code. */
        public int status() {
            return status;
        }
    }

    private final Kind kind;
    private String olderWords = "";

    public EngineException(Kind kind, String message) {
        this(kind, message, null);
    }

    public EngineException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The same failure, which clients of API 1.41 and older know by other words. */
    public EngineException olderWords(String words) {
        olderWords = words;
        return this;
    }

    /** What clients of API 1.41 and older are told; empty if there is no difference. */
    public String olderWords() {
        return olderWords;
    }

    public static EngineException notFound(String message) {
        return new EngineException(Kind.NOT_FOUND, message);
    }

    public static EngineException invalid(String message) {
        return new EngineException(Kind.INVALID, message);
    }

    public static EngineException conflict(String message) {
        return new EngineException(Kind.CONFLICT, message);
    }

    public static EngineException notImplemented(String message) {
        return new EngineException(Kind.NOT_IMPLEMENTED, message);
    }

    public static EngineException notModified(String message) {
        return new EngineException(Kind.NOT_MODIFIED, message);
    }

    public static EngineException system(String message, @Nullable Throwable cause) {
        return new EngineException(Kind.SYSTEM, message, cause);
    }
}
