package io.drydock.registry.server;

import io.drydock.http.Request;
import io.drydock.spec.oci.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tag must stand for to be set: {@code If-Match: "DIGEST"}, or {@code If-None-Match: *} for a tag that must not exist. An
 * addition of ours to the specification.
 *
 * @param expected empty for no tag
 */
record TagCondition(Optional<Digest> expected) {
    /** What a request says; null if it says nothing. */
    static @Nullable TagCondition of(Request request) {
        var match = request.header("If-Match");
        var none = request.header("If-None-Match");
        if (match == null && none == null) {
            return null;
        }
        if (match == null && none != null && none.strip().equals("*")) {
            return new TagCondition(Optional.empty());
        }
        if (match != null && none == null && match.strip().matches("\"[^\"]+\"")) {
            var text = match.strip();
            return new TagCondition(Optional.of(Call.digest(text.substring(1, text.length() - 1))));
        }
        throw new ApiError(
                400, "UNSUPPORTED", "a condition is If-Match with one digest in quotes, or If-None-Match: *");
    }
}
