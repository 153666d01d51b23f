package io.drydock.registry.server;

import io.drydock.http.Exchange;
import java.io.IOException;
import java.util.List;

/** Who may use the registry. */
interface Access {
    /**
     * Lets a request pass that has all these rights. Whatever is asked, an unknown sender is stopped.
     *
     * @throws ApiError UNAUTHORIZED, with a challenge among the answer's headers
     * @throws IOException when what decides cannot be read
     */
    void check(Exchange exchange, List<Right> rights) throws IOException;

    /** No questions. */
    record Everybody() implements Access {
        @Override
        public void check(Exchange exchange, List<Right> rights) {}
    }

    /** @throws IOException when what the settings name cannot be read */
    static Access of(AuthSettings settings) throws IOException {
        return switch (settings) {
            case AuthSettings.None none -> new Everybody();
            case AuthSettings.Htpasswd htpasswd -> new HtpasswdAccess(htpasswd.realm(), htpasswd.path());
            case AuthSettings.Token token -> TokenAccess.of(token);
        };
    }

    /** The rights as the detail of a refusal. */
    static ApiError unauthorized(List<Right> rights) {
        return ApiError.unauthorized(
                rights.isEmpty()
                        ? "null"
                        : "["
                                + String.join(
                                        ",", rights.stream().map(Right::json).toList()) + "]");
    }
}
