package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that gives out its tokens itself, by rules; and what it notes and how often it lets itself be asked. */
class TokenServerTest {
    private static final byte[] BLOB = "some bytes".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Digest.sha256(BLOB).toString();
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    @TempDir
    private Path directory;

    private static RSAKey provider;
    private RegistryServer server;
    private SpecClient client;

    @BeforeAll
    static void makeAKey() throws JOSEException {
        provider = new RSAKeyGenerator(2048).keyID("p1").generate();
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(directory.resolve("provider.json"), new JWKSet(provider.toPublicJWK()).toString());
        var users = new StringBuilder();
        for (var name : List.of("alice", "bob")) {
            users.append(name)
                    .append(':')
                    .append(BCrypt.withDefaults().hashToString(4, (name + "-secret").toCharArray()))
                    .append('\n');
        }
        Files.writeString(directory.resolve("users"), users);
        server = serve("");
        client = new SpecClient(server.port());
    }

    private RegistryServer serve(String more) throws IOException {
        return RegistryServer.start(Settings.parse("""
                version: 0.1
                log: {audit: DIR/audit}
                storage:
                  filesystem: {rootdirectory: DIR/data}
                  delete: {enabled: true}
                http:
                  addr: 127.0.0.1:0
                auth:
                  server:
                    service: box
                    htpasswd: DIR/users
                    key: DIR/key.json
                    rules:
                      - {users: [alice], repositories: ["team/**"], actions: ["*"], catalog: true}
                      - {users: ["*"], repositories: ["team/*"], actions: [pull]}
                      - {users: [anonymous], repositories: ["public/**"], actions: [pull]}
                      - {users: ["oidc:carol"], repositories: ["carol/*"], actions: [pull, push]}
                    oidc: {issuer: "https://id.example", audience: box, jwks: DIR/provider.json, claim: name}
                """.replace("DIR", directory.toString()) + more, Map.of()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private SpecClient.Answer token(String query, String... headers) {
        return client.ask("GET", "/auth/token?service=box" + query, new byte[0], headers);
    }

    private static String bearer(SpecClient.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var token = TOKEN.matcher(answer.text());
        assertThat(token.find()).isTrue();
        return "Bearer " + token.group(1);
    }

    private int pull(String repository, String bearer) {
        return client.ask("GET", "/v2/" + repository + "/manifests/x", new byte[0], "Authorization", bearer)
                .status();
    }

    private RemoteRepository repository(String name, Credentials credentials) throws IOException {
        return new RemoteRepository(List.of(Endpoint.plain("127.0.0.1:" + server.port())), name, credentials);
    }

    private static void push(RemoteRepository repository) throws IOException {
        repository.pushBlob(DIGEST, BLOB.length, "", offset -> new ByteArrayInputStream(BLOB), n -> {});
    }

    @Test
    void ourClientFindsItsWay() throws IOException {
        try (var alice = repository("team/deep/app", new Credentials.UserPassword("alice", "alice-secret"));
                var bob = repository("team/deep/app", new Credentials.UserPassword("bob", "bob-secret"));
                var liar = repository("team/deep/app", new Credentials.UserPassword("alice", "guess"))) {
            push(alice);
            try (var blob = alice.blob(DIGEST, BLOB.length, 0)) {
                assertThat(blob.readAllBytes()).isEqualTo(BLOB);
            }
            assertThatThrownBy(() -> push(bob)).isInstanceOf(RegistryException.class);
            assertThatThrownBy(() -> push(liar)).isInstanceOf(RegistryException.class);
        }
    }

    @Test
    void whoHasNoneIsToldWhereToGetOne() {
        var answer = client.ask("GET", "/v2/team/app/manifests/x", new byte[0]);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"http://127.0.0.1:" + server.port()
                        + "/auth/token\",service=\"box\",scope=\"repository:team/app:pull\"");
    }

    @Test
    void rulesDecide() {
        var bob = basic("bob", "bob-secret");
        var token = bearer(
                token("&scope=repository:team/app:pull,push&scope=repository:team/a/b:pull", "Authorization", bob));
        assertThat(pull("team/app", token)).isEqualTo(404);
        assertThat(pull("team/a/b", token)).isEqualTo(401);
        assertThat(client.ask("POST", "/v2/team/app/blobs/uploads/", new byte[0], "Authorization", token)
                        .status())
                .isEqualTo(401);
        assertThat(client.ask(
                                "GET",
                                "/v2/_catalog",
                                new byte[0],
                                "Authorization",
                                bearer(token(
                                        "&scope=registry:catalog:*", "Authorization", basic("alice", "alice-secret"))))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void strangersReadWhatIsPublic() {
        var token = bearer(token("&scope=repository:public/a/b:pull,push"));
        assertThat(pull("public/a/b", token)).isEqualTo(404);
        assertThat(client.ask("POST", "/v2/public/a/b/blobs/uploads/", new byte[0], "Authorization", token)
                        .status())
                .isEqualTo(401);
        assertThat(pull("team/app", bearer(token("&scope=repository:team/app:pull"))))
                .isEqualTo(401);
        assertThat(token("", "Authorization", basic("alice", "wrong")).status()).isEqualTo(401);
        assertThat(client.ask("GET", "/auth/token?service=other", new byte[0]).status())
                .isEqualTo(400);
    }

    @Test
    void passwordsComeByFormToo() {
        var form = "grant_type=password&service=box&scope=repository%3Ateam%2Fapp%3Apull&username=bob&password=";
        var answer = client.ask("POST", "/auth/token", (form + "bob-secret").getBytes(StandardCharsets.UTF_8));
        assertThat(pull("team/app", bearer(answer))).isEqualTo(404);
        assertThat(client.ask("POST", "/auth/token", (form + "x").getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(401);
        assertThat(client.ask("POST", "/auth/token", "grant_type=refresh_token".getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo("{\"error\":\"unsupported_grant_type\"}");
    }

    @Test
    void aProvidersTokenIsAPassword() throws JOSEException {
        var scope = "&scope=repository:carol/app:pull,push";
        var good = identity("https://id.example", Instant.now().plusSeconds(300));
        assertThat(pull("carol/app", bearer(token(scope, "Authorization", basic("oidc", good)))))
                .isEqualTo(404);
        var late = identity("https://id.example", Instant.now().minusSeconds(300));
        assertThat(token(scope, "Authorization", basic("oidc", late)).status()).isEqualTo(401);
        var foreign = identity("https://evil.example", Instant.now().plusSeconds(300));
        assertThat(token(scope, "Authorization", basic("oidc", foreign)).status())
                .isEqualTo(401);
        assertThat(pull("carol/app", "Bearer " + good)).isEqualTo(401);
    }

    private String identity(String issuer, Instant until) throws JOSEException {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("p1").build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("box")
                        .subject("1234")
                        .claim("name", "carol")
                        .expirationTime(Date.from(until))
                        .build());
        token.sign(new RSASSASigner(provider));
        return token.serialize();
    }

    @Test
    void theKeyIsMadeOnceAndItsPublicHalfIsTold() throws IOException {
        var key = directory.resolve("key.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        var before = Files.readString(key);
        assertThat(before).contains("\"d\":");
        assertThat(client.ask("GET", "/auth/keys", new byte[0]).text())
                .contains("\"kty\":\"EC\"")
                .doesNotContain("\"d\":");
        var token = bearer(token("&scope=repository:public/x:pull"));
        server.close();
        client.close();
        server = serve("");
        client = new SpecClient(server.port());
        assertThat(Files.readString(key)).isEqualTo(before);
        assertThat(pull("public/x", token)).isEqualTo(404);
    }

    @Test
    void changesAndRefusalsAreNoted() throws IOException {
        var alice =
                bearer(token("&scope=repository:team/app:pull,push", "Authorization", basic("alice", "alice-secret")));
        client.ask("POST", "/v2/team/app/blobs/uploads/?digest=" + DIGEST, BLOB, "Authorization", alice);
        client.ask("GET", "/v2/team/app/blobs/" + DIGEST, new byte[0], "Authorization", alice);
        client.ask("GET", "/v2/team/secret/manifests/x", new byte[0], "Authorization", alice);
        var audit = directory.resolve("audit");
        // noted when answered
        Await.until(
                "both are noted",
                () -> Files.exists(audit) && Files.readAllLines(audit).size() > 1);
        assertThat(Files.readAllLines(audit))
                .hasSize(2)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("\"user\":\"alice\",\"address\":\"127.0.0.1\",\"method\":\"POST\"")
                                .contains("\"path\":\"/v2/team/app/blobs/uploads/\"")
                                .contains("\"status\":201"),
                        line -> assertThat(line).contains("/v2/team/secret/").contains("\"status\":401"));
    }
}
