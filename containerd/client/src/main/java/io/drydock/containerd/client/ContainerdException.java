package io.drydock.containerd.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** A call to containerd that failed: its answer, or no answer. The message is containerd's own. */
public final class ContainerdException extends RuntimeException {
    /** What kind of failure it is; containerd's vocabulary. */
    public enum Kind {
        NOT_FOUND,
        ALREADY_EXISTS,
        FAILED_PRECONDITION,
        INVALID_ARGUMENT,
        UNAVAILABLE,
        UNIMPLEMENTED,
        OUT_OF_RANGE,
        ABORTED,
        CANCELLED,
        DEADLINE_EXCEEDED,
        RESOURCE_EXHAUSTED,
        PERMISSION_DENIED,
        UNAUTHENTICATED,
        DATA_LOSS,
        INTERNAL,
        UNKNOWN
    }

    private final Kind kind;

    /** Creates a failure of a kind. */
    public ContainerdException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static ContainerdException of(StatusRuntimeException e) {
        return of(e.getStatus(), e);
    }

    static ContainerdException of(Status status, Exception e) {
        String description = status.getDescription();
        return new ContainerdException(
                kind(status.getCode()), description == null ? status.getCode().name() : description, e);
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return kind;
    }

    /** The object does not exist. */
    public boolean notFound() {
        return kind == Kind.NOT_FOUND;
    }

    /** The object exists already. */
    public boolean alreadyExists() {
        return kind == Kind.ALREADY_EXISTS;
    }

    private static Kind kind(Status.Code code) {
        return switch (code) {
            case NOT_FOUND -> Kind.NOT_FOUND;
            case ALREADY_EXISTS -> Kind.ALREADY_EXISTS;
            case FAILED_PRECONDITION -> Kind.FAILED_PRECONDITION;
            case INVALID_ARGUMENT -> Kind.INVALID_ARGUMENT;
            case UNAVAILABLE -> Kind.UNAVAILABLE;
            case UNIMPLEMENTED -> Kind.UNIMPLEMENTED;
            case OUT_OF_RANGE -> Kind.OUT_OF_RANGE;
            case ABORTED -> Kind.ABORTED;
            case CANCELLED -> Kind.CANCELLED;
            case DEADLINE_EXCEEDED -> Kind.DEADLINE_EXCEEDED;
            case RESOURCE_EXHAUSTED -> Kind.RESOURCE_EXHAUSTED;
            case PERMISSION_DENIED -> Kind.PERMISSION_DENIED;
            case UNAUTHENTICATED -> Kind.UNAUTHENTICATED;
            case DATA_LOSS -> Kind.DATA_LOSS;
            case INTERNAL -> Kind.INTERNAL;
            case UNKNOWN, OK -> Kind.UNKNOWN;
        };
    }
}
