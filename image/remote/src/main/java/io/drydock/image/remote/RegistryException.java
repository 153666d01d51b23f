package io.drydock.image.remote;

import java.io.IOException;

/** A registry refused a request, or answered what it must not. */
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal it was, for callers that act on it. */
    public enum Kind {
        NOT_FOUND,
        UNAUTHORIZED,
        DENIED,
        TOO_MANY_REQUESTS,
        DIGEST_MISMATCH,
        SIZE_MISMATCH,
        UNSUPPORTED,
        UNEXPECTED
    }

    private final Kind kind;

    public RegistryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RegistryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    static Kind kindOf(int status) {
        return switch (status) {
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.DENIED;
            case 404 -> Kind.NOT_FOUND;
            case 405 -> Kind.UNSUPPORTED;
            case 429 -> Kind.TOO_MANY_REQUESTS;
            default -> Kind.UNEXPECTED;
        };
    }
}
