package io.drydock.runc.runtime;

import java.io.IOException;

/** The runtime refuses or fails. The message is what runc says in the same case, without its prefix. */
public final class RuntimeFailure extends IOException {
    private static final long serialVersionUID = 1L;

    /** What a caller may want to tell apart. */
    public enum Kind {
        /** Bad id, bad spec, bad request. */
        INVALID,
        NOT_FOUND,
        ALREADY_EXISTS,
        /** The container is not in the state the request needs. */
        FAILED_PRECONDITION,
        /** Everything else, for example a mount that the kernel refused or a program that does not exist. */
        FAILED
    }

    private final Kind kind;

    public RuntimeFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RuntimeFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
