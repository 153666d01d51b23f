package io.drydock.registry.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.drydock.http.Exchange;
import io.drydock.http.QueryParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens for the users of an htpasswd file, for those an OpenID provider vouches for, and for strangers, with what the
 * rules give them. Source: "Docker Registry v2 authentication via central service", its OAuth2 variant with passwords.
 */
final class TokenServer {
    private static final int LONGEST_FORM = 64 * 1024;
    private static final String JSON = "application/json; charset=utf-8";

    private final AuthSettings.Server settings;
    private final ECKey key;
    private final @Nullable HtpasswdAccess users;
    private final @Nullable TokenAccess provider;
    private final Clock clock;

    private TokenServer(
            AuthSettings.Server settings,
            ECKey key,
            @Nullable HtpasswdAccess users,
            @Nullable TokenAccess provider,
            Clock clock) {
        this.settings = settings;
        this.key = key;
        this.users = users;
        this.provider = provider;
        this.clock = clock;
    }

    /** Null if the settings ask for none; throws when a file cannot be read, or the key not be made. */
    static @Nullable TokenServer of(AuthSettings auth, Clock clock) throws IOException {
        if (!(auth instanceof AuthSettings.Server settings)) {
            return null;
        }
        return new TokenServer(
                settings,
                key(settings.key()),
                settings.users() == null ? null : new HtpasswdAccess(settings.service(), settings.users()),
                settings.provider().isEmpty()
                        ? null
                        : provider(settings.provider().get(), clock),
                clock);
    }

    private static TokenAccess provider(AuthSettings.Provider provider, Clock clock) throws IOException {
        return provider.keys() == null
                ? TokenAccess.finding(provider.asToken(), clock, new DiscoveredKeys(provider.issuer(), clock))
                : TokenAccess.of(provider.asToken(), clock, exchange -> "");
    }

    /** The signing key in a file, which is made if there is none. */
    private static ECKey key(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                var made = new ECKeyGenerator(Curve.P_256)
                        .keyIDFromThumbprint(true)
                        .generate();
                var aside = file.resolveSibling("." + UUID.randomUUID());
                try (var out = Files.newByteChannel(
                        aside,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                    out.write(StandardCharsets.UTF_8.encode(new JWKSet(made).toString(false)));
                }
                Files.move(aside, file);
            }
            for (var found : JWKSet.parse(Files.readString(file)).getKeys()) {
                if (found instanceof ECKey ec && ec.isPrivate() && Curve.P_256.equals(ec.getCurve())) {
                    return ec;
                }
            }
        } catch (JOSEException | ParseException e) {
            throw new IOException("auth.server.key: " + file + ": " + e.getMessage(), e);
        }
        throw new IOException("auth.server.key: " + file + ": no private key of curve P-256");
    }

    /** Who checks this server's tokens. */
    TokenAccess access(Locations locations) throws IOException {
        var token = new AuthSettings.Token(
                settings.realm(), settings.service(), settings.issuer(), null, settings.key(), List.of("ES256"));
        return TokenAccess.of(
                token, clock, exchange -> settings.realm().isEmpty() ? locations.token(exchange) : settings.realm());
    }

    /** The public key, as a JWK set. */
    void keys(Exchange exchange) throws IOException {
        exchange.response().send(JSON, new JWKSet(key).toString(true));
    }

    /** {@code GET ?service=S&scope=…} with a password in the header or without. */
    void get(Exchange exchange) throws IOException {
        var header = exchange.request().header("Authorization");
        var query = exchange.request().query();
        var user = header == null ? "" : user(header);
        answer(exchange, user, query.get("service", ""), query.all("scope"));
    }

    /** OAuth2: {@code grant_type=password&username=…&password=…&service=S&scope=…}. */
    void post(Exchange exchange) throws IOException {
        var body = exchange.request().body().readNBytes(LONGEST_FORM);
        var form = QueryParameters.parse(new String(body, StandardCharsets.UTF_8));
        if (!form.get("grant_type", "").equals("password")) {
            exchange.response().status(400).send(JSON, "{\"error\":\"unsupported_grant_type\"}");
            return;
        }
        var pair = form.get("username", "") + ":" + form.get("password", "");
        var user = user("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        var scopes = new ArrayList<String>();
        form.all("scope").forEach(scope -> scopes.addAll(List.of(scope.split(" "))));
        answer(exchange, user, form.get("service", ""), scopes);
    }

    /** Who it is, null if that is not true. */
    private @Nullable String user(String header) throws IOException {
        if (users != null && users.accepts(header)) {
            return Access.basic(header)[0];
        }
        if (provider != null && header.startsWith("Basic ")) {
            var claims = provider.claims(Access.basic(header)[1]);
            var name = claims == null
                    ? null
                    : claims.getClaim(settings.provider().orElseThrow().claim());
            if (name instanceof String text && !text.isEmpty()) {
                // no name of the htpasswd file has a colon
                return "oidc:" + text;
            }
        }
        return null;
    }

    private void answer(Exchange exchange, @Nullable String user, String service, List<String> scopes)
            throws IOException {
        // a stranger who may do nothing gets a token that says so: dockerd takes the refusal of one for a failure, and
        // tries again
        if (user == null) {
            exchange.response().header("WWW-Authenticate", "Basic realm=\"" + settings.service() + "\"");
            throw ApiError.unauthorized("null");
        }
        if (!service.isEmpty() && !service.equals(settings.service())) {
            throw new ApiError(400, "UNSUPPORTED", "this server signs for the service " + settings.service());
        }
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(settings.issuer())
                .subject(user)
                .audience(settings.service())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(settings.lifetime())))
                .jwtID(UUID.randomUUID().toString())
                .claim("access", access(user, scopes))
                .build();
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IOException("sign a token: " + e.getMessage(), e);
        }
        var text = Json.text(token.serialize());
        exchange.response()
                .header("Cache-Control", "no-store")
                .send(
                        JSON,
                        "{\"token\":" + text + ",\"access_token\":" + text + ",\"expires_in\":"
                                + settings.lifetime().toSeconds() + ",\"issued_at\":" + Json.text(now.toString())
                                + "}");
    }

    /** What of the scopes the rules give: fewer than asked for is no error. */
    private List<Map<String, Object>> access(String user, List<String> scopes) {
        var access = new ArrayList<Map<String, Object>>();
        for (var scope : scopes) {
            int first = scope.indexOf(':');
            int last = scope.lastIndexOf(':');
            if (first <= 0 || first == last) {
                continue;
            }
            var type = scope.substring(0, first);
            var name = scope.substring(first + 1, last);
            var granted = settings.rules()
                    .granted(user, type, name, List.of(scope.substring(last + 1).split(",")));
            if (!granted.isEmpty()) {
                access.add(Map.of("type", type, "name", name, "actions", granted));
            }
        }
        return access;
    }
}
