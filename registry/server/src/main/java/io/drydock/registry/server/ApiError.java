package io.drydock.registry.server;

/** A refusal with one of the specification's codes, such as {@code BLOB_UNKNOWN}. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    ApiError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    static ApiError blobUnknown() {
        return new ApiError(404, "BLOB_UNKNOWN", "blob unknown to registry");
    }

    static ApiError manifestUnknown() {
        return new ApiError(404, "MANIFEST_UNKNOWN", "manifest unknown");
    }

    static ApiError uploadUnknown() {
        return new ApiError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    }

    static ApiError nameUnknown() {
        return new ApiError(404, "NAME_UNKNOWN", "repository name not known to registry");
    }

    static ApiError digestInvalid(String why) {
        return new ApiError(400, "DIGEST_INVALID", why);
    }

    static ApiError manifestInvalid(String why) {
        return new ApiError(400, "MANIFEST_INVALID", why);
    }

    static ApiError unsupported() {
        return new ApiError(405, "UNSUPPORTED", "The operation is unsupported.");
    }

    static ApiError unauthorized() {
        return new ApiError(401, "UNAUTHORIZED", "authentication required");
    }
}
