package io.drydock.registry.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.X509CertChainUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.drydock.http.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Those who bring a token that an authorization server has signed for them. Source: "Docker Registry v2 authentication via
 * central service" and its token specification; clocks may differ by a minute.
 */
final class TokenAccess implements Access {
    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final Set<JWSAlgorithm> SOUND = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** Keys that are not known from the start. */
    interface KeySource {
        /** The key of an id that a token names, or null. */
        @Nullable
        PublicKey find(String id);
    }

    private final AuthSettings.Token settings;
    private final Map<String, PublicKey> keys;
    private final KeySource more;
    private final List<X509Certificate> roots;
    private final Set<JWSAlgorithm> algorithms;
    private final Clock clock;
    private final Function<Exchange, String> realm;

    private TokenAccess(
            AuthSettings.Token settings,
            Map<String, PublicKey> keys,
            KeySource more,
            List<X509Certificate> roots,
            Set<JWSAlgorithm> algorithms,
            Clock clock,
            Function<Exchange, String> realm) {
        this.more = more;
        this.realm = realm;
        this.settings = settings;
        this.keys = keys;
        this.roots = roots;
        this.algorithms = algorithms;
        this.clock = clock;
    }

    /** A token that is not accepted. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    /** @throws IOException when keys or certificates cannot be read */
    static TokenAccess of(AuthSettings.Token settings) throws IOException {
        return of(settings, Clock.systemUTC());
    }

    static TokenAccess of(AuthSettings.Token settings, Clock clock) throws IOException {
        return of(settings, clock, exchange -> settings.realm());
    }

    /** Trusts what a source of keys finds, and nobody else. */
    static TokenAccess finding(AuthSettings.Token settings, Clock clock, KeySource keys) {
        return new TokenAccess(settings, Map.of(), keys, List.of(), algorithms(settings), clock, exchange -> "");
    }

    /** @param realm where the sender of a request gets a token */
    static TokenAccess of(AuthSettings.Token settings, Clock clock, Function<Exchange, String> realm)
            throws IOException {
        var keys = new HashMap<String, PublicKey>();
        var roots = new ArrayList<X509Certificate>();
        try {
            if (settings.certificates() != null) {
                try (var in = Files.newInputStream(settings.certificates())) {
                    for (var certificate :
                            CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                        var root = (X509Certificate) certificate;
                        roots.add(root);
                        keys.put(KeyId.of(root.getPublicKey()), root.getPublicKey());
                        var thumbprint = thumbprint(root);
                        if (thumbprint != null) {
                            keys.put(thumbprint, root.getPublicKey());
                        }
                    }
                }
            }
            if (settings.keys() != null) {
                for (var key : JWKSet.parse(Files.readString(settings.keys())).getKeys()) {
                    if (key instanceof AsymmetricJWK asymmetric) {
                        var id =
                                key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID();
                        keys.put(id, asymmetric.toPublicKey());
                    }
                }
            }
        } catch (GeneralSecurityException | ParseException | JOSEException e) {
            throw new IOException("unable to configure authorization (token): " + e.getMessage(), e);
        }
        if (keys.isEmpty()) {
            throw new IOException(
                    "unable to configure authorization (token): token auth requires at least one token signing key");
        }
        return new TokenAccess(
                settings, Map.copyOf(keys), id -> null, List.copyOf(roots), algorithms(settings), clock, realm);
    }

    private static @Nullable String thumbprint(X509Certificate certificate) throws JOSEException {
        return switch (certificate.getPublicKey().getAlgorithm()) {
            case "RSA" -> RSAKey.parse(certificate).computeThumbprint().toString();
            case "EC" -> ECKey.parse(certificate).computeThumbprint().toString();
            default -> null;
        };
    }

    private static Set<JWSAlgorithm> algorithms(AuthSettings.Token settings) {
        if (settings.algorithms().isEmpty()) {
            return SOUND;
        }
        var chosen = new HashSet<JWSAlgorithm>();
        for (var name : settings.algorithms()) {
            var algorithm = JWSAlgorithm.parse(name.toUpperCase(Locale.ROOT));
            if (!SOUND.contains(algorithm)) {
                throw new IllegalArgumentException(
                        "auth.token.signingalgorithms: unsupported signing algorithm: " + name);
            }
            chosen.add(algorithm);
        }
        return Set.copyOf(chosen);
    }

    @Override
    public void check(Exchange exchange, List<Right> rights) {
        var header = exchange.request().header("Authorization");
        var error = "";
        if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            try {
                var claims = verify(header.substring(7).strip());
                if (grants(claims, rights)) {
                    return;
                }
                error = "insufficient_scope";
            } catch (Refused e) {
                error = "invalid_token";
            }
        }
        var challenge = new StringBuilder(
                "Bearer realm=\"" + realm.apply(exchange) + "\",service=\"" + settings.service() + '"');
        if (!rights.isEmpty()) {
            challenge
                    .append(",scope=\"")
                    .append(String.join(" ", rights.stream().map(Right::scope).toList()))
                    .append('"');
        }
        if (!error.isEmpty()) {
            challenge.append(",error=\"").append(error).append('"');
        }
        exchange.response().header("WWW-Authenticate", challenge.toString());
        throw Access.unauthorized(rights);
    }

    /** What a token says, null if it is not accepted. */
    @Nullable
    JWTClaimsSet claims(String text) {
        try {
            return verify(text);
        } catch (Refused e) {
            return null;
        }
    }

    private JWTClaimsSet verify(String text) throws Refused {
        try {
            var token = SignedJWT.parse(text);
            var header = token.getHeader();
            if (!algorithms.contains(header.getAlgorithm())) {
                throw new Refused("signing algorithm " + header.getAlgorithm());
            }
            var verifier = new DefaultJWSVerifierFactory().createJWSVerifier(header, key(header));
            if (!token.verify(verifier)) {
                throw new Refused("signature");
            }
            var claims = token.getJWTClaimsSet();
            var now = clock.instant();
            if (!settings.issuer().equals(claims.getIssuer())) {
                throw new Refused("issuer");
            }
            if (!claims.getAudience().contains(settings.service())) {
                throw new Refused("audience");
            }
            if (claims.getExpirationTime() == null
                    || claims.getExpirationTime().toInstant().plus(LEEWAY).isBefore(now)) {
                throw new Refused("expired");
            }
            if (claims.getNotBeforeTime() != null
                    && claims.getNotBeforeTime().toInstant().minus(LEEWAY).isAfter(now)) {
                throw new Refused("not valid yet");
            }
            return claims;
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private PublicKey key(JWSHeader header) throws Refused, GeneralSecurityException, ParseException, JOSEException {
        if (header.getX509CertChain() != null) {
            return certified(X509CertChainUtils.parse(header.getX509CertChain()));
        }
        var jwk = header.getJWK();
        var id = jwk != null ? thumbprint(jwk) : header.getKeyID();
        var key = id == null ? null : keys.get(id);
        if (key == null && id != null) {
            key = more.find(id);
        }
        if (key == null) {
            throw new Refused("untrusted signing key");
        }
        return key;
    }

    /** A key that a token brings along counts if it is one of the trusted ones. */
    private static String thumbprint(JWK jwk) throws JOSEException {
        return jwk.computeThumbprint().toString();
    }

    private PublicKey certified(List<X509Certificate> chain) throws Refused, GeneralSecurityException {
        var leaf = chain.getFirst();
        if (!roots.contains(leaf)) {
            if (roots.isEmpty()) {
                throw new Refused("no authorities are trusted");
            }
            var anchors = new HashSet<TrustAnchor>();
            roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            var path = chain.stream()
                    .filter(certificate -> !roots.contains(certificate))
                    .toList();
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        }
        return leaf.getPublicKey();
    }

    private static boolean grants(JWTClaimsSet claims, List<Right> rights) {
        var granted = claims.getClaim("access") instanceof List<?> list ? list : List.of();
        return rights.stream()
                .allMatch(right -> right.actions().stream()
                        .allMatch(action -> granted.stream().anyMatch(entry -> grants(entry, right, action))));
    }

    private static boolean grants(Object entry, Right right, String action) {
        return entry instanceof Map<?, ?> access
                && right.type().equals(access.get("type"))
                && right.name().equals(access.get("name"))
                && access.get("actions") instanceof List<?> actions
                && (actions.contains(action) || actions.contains("*"));
    }
}
