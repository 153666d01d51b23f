package io.drydock.registry.server;

import io.drydock.spec.oci.Digest;

/** A refusal with one of the specification's codes, such as {@code BLOB_UNKNOWN}. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String detail;

    ApiError(int status, String code, String message) {
        this(status, code, message, "{}");
    }

    /** @param detail JSON that says more */
    ApiError(int status, String code, String message, String detail) {
        super(message);
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String detail() {
        return detail;
    }

    static ApiError blobUnknown(Digest digest) {
        return new ApiError(404, "BLOB_UNKNOWN", "blob unknown to registry", Json.text(digest.toString()));
    }

    static ApiError manifestUnknown(String repository, Digest digest) {
        return new ApiError(
                404,
                "MANIFEST_UNKNOWN",
                "manifest unknown",
                "{\"Name\":" + Json.text(repository) + ",\"Revision\":" + Json.text(digest.toString()) + "}");
    }

    static ApiError tagUnknown(String tag) {
        return new ApiError(404, "MANIFEST_UNKNOWN", "manifest unknown", "{\"Tag\":" + Json.text(tag) + "}");
    }

    static ApiError uploadUnknown() {
        return new ApiError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    }

    static ApiError nameUnknown(String name) {
        return new ApiError(
                404, "NAME_UNKNOWN", "repository name not known to registry", "{\"name\":" + Json.text(name) + "}");
    }

    static ApiError digestInvalid(String why) {
        return new ApiError(400, "DIGEST_INVALID", "provided digest did not match uploaded content", Json.text(why));
    }

    static ApiError manifestInvalid(String why) {
        return new ApiError(400, "MANIFEST_INVALID", "manifest invalid", Json.text(why));
    }

    static ApiError unsupported() {
        return new ApiError(405, "UNSUPPORTED", "The operation is unsupported.");
    }

    static ApiError unauthorized(String detail) {
        return new ApiError(401, "UNAUTHORIZED", "authentication required", detail);
    }

    static ApiError denied() {
        return new ApiError(403, "DENIED", "requested access to the resource is denied");
    }
}
