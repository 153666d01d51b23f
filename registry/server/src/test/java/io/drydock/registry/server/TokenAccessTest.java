package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that wants tokens, and tokens good and bad. */
class TokenAccessTest {
    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private ECKey key;
    private RegistryServer server;

    @BeforeEach
    void start() throws IOException, JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        var keys = directory.resolve("keys.json");
        Files.writeString(keys, new JWKSet(key.toPublicJWK()).toString());
        server = RegistryServer.start(Settings.parse("""
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                http: {addr: '127.0.0.1:0'}
                auth: {token: {realm: 'https://auth.example/token', service: reg, issuer: me, jwks: %s}}
                """.formatted(directory.resolve("data"), keys), Map.of()));
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private static JWTClaimsSet.Builder claims(String repository, String... actions) {
        return new JWTClaimsSet.Builder()
                .issuer("me")
                .subject("user")
                .audience("reg")
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim(
                        "access",
                        List.of(Map.of("type", "repository", "name", repository, "actions", List.of(actions))));
    }

    private String signed(JWTClaimsSet.Builder claims) {
        return signed(claims, key, JWSAlgorithm.ES256);
    }

    private static String signed(JWTClaimsSet.Builder claims, ECKey key, JWSAlgorithm algorithm) {
        try {
            var token =
                    new SignedJWT(new JWSHeader.Builder(algorithm).keyID("one").build(), claims.build());
            token.sign(
                    algorithm.equals(JWSAlgorithm.HS256)
                            ? new MACSigner(key.toPublicJWK().toString())
                            : new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> ask(String method, String path, String token) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String challenge(HttpResponse<?> response) {
        return response.headers().firstValue("WWW-Authenticate").orElse("");
    }

    @Test
    void whoComesWithoutIsToldWhereToGetOne() {
        var ping = ask("GET", "/v2/", "");
        assertThat(ping.statusCode()).isEqualTo(401);
        assertThat(challenge(ping)).isEqualTo("Bearer realm=\"https://auth.example/token\",service=\"reg\"");
        assertThat(challenge(ask("GET", "/v2/a/b/tags/list", ""))).endsWith(",scope=\"repository:a/b:pull\"");
        assertThat(challenge(ask("POST", "/v2/a/b/blobs/uploads/", "")))
                .endsWith(",scope=\"repository:a/b:pull,push\"");
        assertThat(challenge(ask("POST", "/v2/a/b/blobs/uploads/?mount=sha256:0&from=c", "")))
                .endsWith(",scope=\"repository:a/b:pull,push repository:c:pull\"");
        assertThat(challenge(ask("DELETE", "/v2/a/b/manifests/v1", ""))).endsWith(",scope=\"repository:a/b:delete\"");
        assertThat(challenge(ask("GET", "/v2/_catalog", ""))).endsWith(",scope=\"registry:catalog:*\"");
        // the repository is the one that is served, however its name is made up
        assertThat(challenge(ask("GET", "/v2/foo/blobs/bar/manifests/v1", "")))
                .endsWith(",scope=\"repository:foo/blobs/bar:pull\"");
        assertThat(ask("GET", "/v2/a/b/tags/list", "").body())
                .contains("\"detail\":[{\"Type\":\"repository\",\"Class\":\"\",\"Name\":\"a/b\",\"Action\":\"pull\"}]");
    }

    @Test
    void aTokenOpensWhatItNames() {
        var token = signed(claims("a/b", "pull", "push"));
        assertThat(ask("GET", "/v2/", token).statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/v2/a/b/blobs/uploads/", token).statusCode()).isEqualTo(202);
        var elsewhere = ask("GET", "/v2/a/c/tags/list", token);
        assertThat(elsewhere.statusCode()).isEqualTo(401);
        assertThat(challenge(elsewhere)).endsWith(",error=\"insufficient_scope\"");
        assertThat(ask("DELETE", "/v2/a/b/manifests/v1", token).statusCode()).isEqualTo(401);
        assertThat(ask("DELETE", "/v2/a/b/manifests/v1", signed(claims("a/b", "*")))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aTokenMustBeGood() throws JOSEException {
        var stranger = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        var past = Date.from(Instant.now().minusSeconds(120));
        var future = Date.from(Instant.now().plusSeconds(120));
        var bad = Map.of(
                "signature", signed(claims("box", "pull"), stranger, JWSAlgorithm.ES256),
                "public key as a secret", signed(claims("box", "pull"), key, JWSAlgorithm.HS256),
                "expired", signed(claims("box", "pull").expirationTime(past)),
                "early", signed(claims("box", "pull").notBeforeTime(future)),
                "audience", signed(claims("box", "pull").audience("other")),
                "issuer", signed(claims("box", "pull").issuer("other")),
                "nonsense", "a.b.c",
                "unsigned", "eyJhbGciOiJub25lIn0.e30.");
        bad.forEach((why, token) -> {
            var answer = ask("GET", "/v2/", token);
            assertThat(answer.statusCode()).as(why).isEqualTo(401);
            assertThat(challenge(answer)).as(why).endsWith(",error=\"invalid_token\"");
        });
    }
}
