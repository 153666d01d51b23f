package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Names;
import io.drydock.spec.oci.Digest;
import org.jspecify.annotations.Nullable;

/** What routes ask of a request, checked. */
final class Call {
    private Call() {}

    static String repository(Exchange exchange) {
        return checked(exchange.path("name"));
    }

    static String checked(String name) {
        if (!Names.isRepository(name)) {
            throw new ApiError(400, "NAME_INVALID", "invalid repository name");
        }
        return name;
    }

    static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiError.digestInvalid("digest parsing failed: " + e.getMessage());
        }
    }

    /** A page's size: what the query asks for, at most the limit. */
    static int pageSize(Exchange exchange, int limit) {
        var asked = exchange.request().query().get("n");
        if (asked == null || asked.isEmpty()) {
            return limit;
        }
        try {
            int n = Integer.parseInt(asked);
            if (n >= 0) {
                return Math.min(n, limit);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new ApiError(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested");
    }

    /** A whole number in a header or null if it is absent; throws for nonsense. */
    static @Nullable Long number(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ApiError(416, "RANGE_INVALID", "invalid content range");
        }
    }
}
