package io.drydock.registry.server;

import com.nimbusds.jwt.JWTParser;
import io.drydock.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * Reads what the settings name.
     *
     * @param tokens this registry's own token server, null if it has none
     * @throws IOException when something cannot be read
     */
    static Access of(AuthSettings settings, @Nullable TokenServer tokens, Locations locations) throws IOException {
        if (tokens != null) {
            return tokens.access(locations);
        }
        return switch (settings) {
            case AuthSettings.None none -> new Everybody();
            case AuthSettings.Htpasswd htpasswd -> new HtpasswdAccess(htpasswd.realm(), htpasswd.path());
            case AuthSettings.Token token -> TokenAccess.of(token);
            case AuthSettings.Server server ->
                throw new IllegalArgumentException("no token server for service " + server.service());
        };
    }

    /** Who sent a request that was let pass: a Basic user name, or the subject of a token; empty for nobody in particular. */
    static String user(Exchange exchange) {
        var header = exchange.request().header("Authorization");
        if (header == null) {
            return "";
        }
        try {
            if (header.startsWith("Basic ")) {
                return basic(header)[0];
            }
            if (header.startsWith("Bearer ")) {
                var subject = JWTParser.parse(header.substring(7).strip())
                        .getJWTClaimsSet()
                        .getSubject();
                return subject == null ? "" : subject;
            }
        } catch (IllegalArgumentException | ParseException e) {
            return ""; // where nobody is asked who he is, anything may stand there
        }
        return "";
    }

    /**
     * Name and password of a Basic header; both empty if it has none.
     */
    static String[] basic(String header) {
        try {
            var pair = new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? new String[] {"", ""}
                    : new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
        } catch (IllegalArgumentException e) {
            return new String[] {"", ""};
        }
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
