package io.drydock.registry.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an OpenID provider, found from its issuer's address. They are fetched when a token names one that is not known,
 * but not more than once in a while. Source: OpenID Connect Discovery 1.0 §4. Safe for threads.
 */
final class DiscoveredKeys implements TokenAccess.KeySource {
    private static final Logger log = LoggerFactory.getLogger(DiscoveredKeys.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST = 1 << 20;

    private final String issuer;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final ReentrantLock lock = new ReentrantLock();
    private Map<String, PublicKey> keys = Map.of();
    private Instant asked = Instant.MIN;

    DiscoveredKeys(String issuer, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
    }

    @Override
    public @Nullable PublicKey find(String id) {
        lock.lock();
        try {
            var now = clock.instant();
            if (!keys.containsKey(id) && (asked.equals(Instant.MIN) || !now.isBefore(asked.plus(PAUSE)))) {
                asked = now;
                keys = fetch();
            }
        } catch (IOException e) {
            log.error("keys of the OpenID provider {}: {}", issuer, e.getMessage());
        } finally {
            lock.unlock();
        }
        return keys.get(id);
    }

    private Map<String, PublicKey> fetch() throws IOException {
        var slash = issuer.endsWith("/") ? "" : "/";
        try {
            var provider = JSONObjectUtils.parse(get(issuer + slash + ".well-known/openid-configuration"));
            var self = JSONObjectUtils.getString(provider, "issuer");
            if (!issuer.equals(self)) {
                throw new IOException("its configuration is of another issuer, " + self);
            }
            var address = JSONObjectUtils.getString(provider, "jwks_uri");
            if (address == null) {
                throw new IOException("its configuration has no jwks_uri");
            }
            var found = new HashMap<String, PublicKey>();
            for (var key : JWKSet.parse(get(address)).getKeys()) {
                if (key instanceof AsymmetricJWK asymmetric) {
                    var id = key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID();
                    found.put(id, asymmetric.toPublicKey());
                }
            }
            return Map.copyOf(found);
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private String get(String address) throws IOException {
        var request =
                HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).header("Accept", "application/json");
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                var bytes = body.readNBytes(LONGEST);
                if (answer.statusCode() != 200) {
                    throw new IOException("GET " + address + ": status " + answer.statusCode());
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
