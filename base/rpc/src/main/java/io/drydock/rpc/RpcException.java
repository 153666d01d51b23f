package io.drydock.rpc;

import org.jspecify.annotations.Nullable;

/**
 * A call that failed: the peer's answer (any code), or no answer at all ({@link StatusCode#UNAVAILABLE} when the
 * connection is gone, {@link StatusCode#DEADLINE_EXCEEDED} when it came too late). Handlers throw it to answer an error.
 */
public final class RpcException extends RuntimeException {
    private final StatusCode code;

    /** Creates an error with a message for the peer. */
    public RpcException(StatusCode code, @Nullable String message) {
        this(code, message, null);
    }

    /** Creates an error with a message for the peer and a cause that stays here. */
    public RpcException(StatusCode code, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure it is; never {@link StatusCode#OK}. */
    public StatusCode code() {
        return code;
    }

    /** The message, empty if there is none. */
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
