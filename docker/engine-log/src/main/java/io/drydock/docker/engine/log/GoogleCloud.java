package io.drydock.docker.engine.log;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program on, or with an account of, Google Cloud knows: tokens by the application default credentials (a service
 * account's key file, RFC 7523, or the metadata server) and, on a machine of it, its metadata. Used by one thread.
 */
final class GoogleCloud {
    private static final Jsonb JSON = Jsonb.instance();
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final String SCOPE = "https://www.googleapis.com/auth/logging.write";
    private static final Path PRODUCT = Path.of("/sys/class/dmi/id/product_name");

    private final Map<String, String> environment;
    private final HttpReceiver http;
    private final @Nullable URI metadata;
    private String token = "";
    private Instant until = Instant.MIN;

    GoogleCloud(Map<String, String> environment, HttpReceiver http) throws IOException {
        this.environment = environment;
        this.http = http;
        this.metadata = metadata(environment);
    }

    /** Nobody is asked where there is no such server: its address is that of other clouds' servers, too. */
    private static @Nullable URI metadata(Map<String, String> environment) throws IOException {
        String host = environment.getOrDefault("GCE_METADATA_HOST", "");
        if (!host.isEmpty()) {
            return URI.create("http://" + host);
        }
        boolean here = Files.isReadable(PRODUCT) && Files.readString(PRODUCT).startsWith("Google");
        return here ? URI.create("http://169.254.169.254") : null;
    }

    /** Whether this is a machine of Google Cloud. */
    boolean isHere() {
        return metadata != null;
    }

    /** A value of the metadata server, for example {@code project/project-id}; empty if it has none or is not there. */
    String value(String path) {
        if (metadata == null) {
            return "";
        }
        try {
            var answer = http.ask(HttpRequest.newBuilder(metadata.resolve("/computeMetadata/v1/" + path))
                    .header("Metadata-Flavor", "Google"));
            return answer.isOk() ? answer.body().strip() : "";
        } catch (IOException e) {
            return ""; // as the original does: what it says is not vital
        }
    }

    /** A token for the header {@code Authorization}. */
    String token(Instant now) throws IOException {
        if (!now.plus(MARGIN).isBefore(until)) {
            String file = environment.getOrDefault("GOOGLE_APPLICATION_CREDENTIALS", "");
            Map<String, Object> answer;
            if (!file.isEmpty()) {
                answer = exchanged(Path.of(file), now);
            } else if (metadata != null) {
                answer = fields(value("instance/service-accounts/default/token"), "the metadata server");
            } else {
                throw new IOException("google: could not find default credentials: set GOOGLE_APPLICATION_CREDENTIALS");
            }
            token = text(answer, "access_token");
            until = now.plusSeconds(((Number) answer.getOrDefault("expires_in", 0)).longValue());
        }
        return token;
    }

    private Map<String, Object> exchanged(Path file, Instant now) throws IOException {
        var account = fields(Files.readString(file), file.toString());
        if (!"service_account".equals(account.get("type"))) {
            throw new IOException("google: credentials of type " + account.get("type")
                    + " are not supported, only those" + " of a service_account");
        }
        String uri = text(account, "token_uri");
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", text(account, "client_email"));
        claims.put("scope", SCOPE);
        claims.put("aud", uri);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 3600);
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", "RS256");
        header.put("typ", "JWT");
        header.put("kid", account.getOrDefault("private_key_id", ""));
        String form = "grant_type="
                + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
                + "&assertion=" + signed(part(header) + "." + part(claims), text(account, "private_key"), file);
        var answer = http.ask(HttpRequest.newBuilder(URI.create(uri))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        if (!answer.isOk()) {
            throw new IOException("google: cannot fetch token: " + answer.words());
        }
        return fields(answer.body(), uri);
    }

    private static String part(Map<String, Object> fields) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(JSON.toJson(fields).getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(String text, String pem, Path file) throws IOException {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(Tls.privateKey(pem, file.toString()));
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("google: private key of " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> fields(String json, String from) throws IOException {
        try {
            return JSON.type(Object.class).map().fromJson(json);
        } catch (JsonException | IndexOutOfBoundsException e) {
            throw new IOException("google: " + from + ": not a JSON object", e);
        }
    }

    private static String text(Map<String, Object> fields, String name) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            throw new IOException("google: " + name + " is missing");
        }
        return value.toString();
    }
}
