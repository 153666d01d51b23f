package io.drydock.registry.server;

import com.nimbusds.jwt.JWTParser;
import io.drydock.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
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

    /** Who sent a request that was let pass: a Basic user name, or the subject of a token; empty for nobody in particular. */
    static String user(Exchange exchange) {
        var header = exchange.request().header("Authorization");
        if (header == null) {
            return "";
        }
        try {
            if (header.startsWith("Basic ")) {
                var pair = new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return pair.substring(0, Math.max(0, pair.indexOf(':')));
            }
            if (header.startsWith("Bearer ")) {
                var subject = JWTParser.parse(header.substring(7).strip()).getJWTClaimsSet().getSubject();
                return subject == null ? "" : subject;
            }
        } catch (IllegalArgumentException | ParseException e) {
            return ""; // where nobody is asked who he is, anything may stand there
        }
        return "";
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
