package io.drydock.containerd.core;

/** A request that cannot be done, with the reason's code and a sentence for people. */
public final class ContainerdError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The few kinds of failure. Each is one of gRPC's codes. */
    public enum Code {
        NOT_FOUND,
        ALREADY_EXISTS,
        INVALID_ARGUMENT,
        FAILED_PRECONDITION,
        OUT_OF_RANGE,
        UNAVAILABLE,
        UNIMPLEMENTED,
        ABORTED,
        RESOURCE_EXHAUSTED,
        UNAUTHENTICATED,
        PERMISSION_DENIED,
        INTERNAL
    }

    private final Code code;

    public ContainerdError(Code code, String message) {
        super(message);
        this.code = code;
    }

    public ContainerdError(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    public static ContainerdError notFound(String what) {
        return new ContainerdError(Code.NOT_FOUND, what + ": not found");
    }

    public static ContainerdError alreadyExists(String what) {
        return new ContainerdError(Code.ALREADY_EXISTS, what + ": already exists");
    }

    public static ContainerdError invalid(String why) {
        return new ContainerdError(Code.INVALID_ARGUMENT, why + ": invalid argument");
    }

    public static ContainerdError failedPrecondition(String why) {
        return new ContainerdError(Code.FAILED_PRECONDITION, why + ": failed precondition");
    }
}
