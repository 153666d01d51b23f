package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

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
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of an OpenID provider that only its issuer's address is known of. */
class DiscoveredKeysTest {
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer provider;
    private String issuer;
    private String claimed;
    private volatile ECKey key;

    @BeforeEach
    void provide() throws IOException, JOSEException {
        key = make("one");
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + provider.getAddress().getPort() + "/realm";
        claimed = issuer;
        answer(
                "/realm/.well-known/openid-configuration",
                () -> "{\"issuer\":\"" + claimed + "\",\"jwks_uri\":\"" + issuer + "/keys\",\"more\":[1]}");
        answer("/realm/keys", () -> {
            asked.incrementAndGet();
            return new JWKSet(List.of(key.toPublicJWK())).toString();
        });
        provider.start();
    }

    private static ECKey make(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private void answer(String path, java.util.function.Supplier<String> body) {
        provider.createContext(path, exchange -> {
            var bytes = body.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    /** A clock that is turned by hand. */
    private static final class Turned extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void newKeysAreFoundButNotAskedForAllTheTime() throws JOSEException {
        var clock = new Turned();
        var keys = new DiscoveredKeys(issuer, clock);
        assertThat(keys.find("one")).isEqualTo(key.toPublicKey());
        assertThat(keys.find("one")).isNotNull();
        key = make("two");
        assertThat(keys.find("two")).isNull();
        assertThat(asked).hasValue(1);
        clock.now = clock.now.plusSeconds(61);
        assertThat(keys.find("two")).isEqualTo(key.toPublicKey());
        assertThat(keys.find("one")).isNull();
        assertThat(asked).hasValue(2);
        provider.stop(0);
        clock.now = clock.now.plusSeconds(61);
        assertThat(keys.find("three")).isNull();
        assertThat(keys.find("two")).as("what was known stays known").isNotNull();
    }

    @Test
    void aProviderThatSaysItIsAnotherOneIsNotTrusted() {
        claimed = "http://evil.example";
        assertThat(new DiscoveredKeys(issuer, Clock.systemUTC()).find("one")).isNull();
        assertThat(asked).hasValue(0);
    }

    @Test
    void whomTheProviderVouchesForGetsATokenHere(@TempDir Path directory) throws Exception {
        var identity = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("box")
                        .subject("carol")
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        identity.sign(new ECDSASigner(key));
        var more = """
                auth:
                  server:
                    service: box
                    key: %s/key.json
                    rules: [{users: ["oidc:carol"], repositories: ["**"], actions: [pull]}]
                    oidc: {issuer: "%s", audience: box}
                """.formatted(directory, issuer);
        try (var server = InProcess.serve(directory.resolve("data"), more);
                var client = new SpecClient(server.port())) {
            var pair = ("x:" + identity.serialize()).getBytes(StandardCharsets.UTF_8);
            var right = "Basic " + Base64.getEncoder().encodeToString(pair);
            assertThat(client.ask("GET", "/auth/token?service=box", new byte[0], "Authorization", right)
                            .status())
                    .isEqualTo(200);
            var wrong = "Basic " + Base64.getEncoder().encodeToString("x:y".getBytes(StandardCharsets.UTF_8));
            assertThat(client.ask("GET", "/auth/token?service=box", new byte[0], "Authorization", wrong)
                            .status())
                    .isEqualTo(401);
        }
    }
}
