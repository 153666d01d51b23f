package io.drydock.image.remote;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers a registry's challenges: Basic with the credentials, or Bearer with a token from the server that the challenge
 * names. Tokens are kept until shortly before they end, by scope. Safe for use by many threads.
 */
final class Authorizer {
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Token(String value, Instant end) {}

    private final HttpClient http;
    private final Credentials credentials;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private volatile boolean basic;
    private volatile boolean offline;
    private volatile boolean asked;
    private volatile String refreshToken = "";

    Authorizer(HttpClient http, Credentials credentials) {
        this.http = http;
        this.credentials = credentials;
    }

    /** Has token servers asked for a token that outlives the password's use ("offline"). */
    void wantRefreshToken() {
        offline = true;
    }

    String refreshToken() {
        return refreshToken;
    }

    boolean askedTokenServer() {
        return asked;
    }

    /** The header's value to send for a scope before any challenge, or null if nothing is known to be wanted. */
    @Nullable
    String known(String scope) {
        if (credentials instanceof Credentials.RegistryToken(var token)) {
            return "Bearer " + token;
        }
        if (basic && credentials instanceof Credentials.UserPassword user) {
            return basic(user);
        }
        var token = tokens.get(scope);
        return token != null && Instant.now().isBefore(token.end()) ? "Bearer " + token.value() : null;
    }

    /** The header's value that answers the challenges, or null if there is no answer to any of them. */
    @Nullable
    String answer(List<Challenge> challenges, String scope) throws IOException, InterruptedException {
        for (var challenge : challenges) {
            if (challenge.scheme().equals("bearer")
                    && !challenge.parameter("realm").isEmpty()) {
                var token = fetch(challenge, scope);
                tokens.put(scope, token);
                return "Bearer " + token.value();
            }
            if (challenge.scheme().equals("basic") && credentials instanceof Credentials.UserPassword user && !basic) {
                basic = true;
                return basic(user);
            }
            if (challenge.scheme().equals("basic") && !(credentials instanceof Credentials.UserPassword)) {
                throw new RegistryException(RegistryException.Kind.UNAUTHORIZED, "no basic auth credentials");
            }
        }
        return null;
    }

    private static String basic(Credentials.UserPassword user) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user.user() + ":" + user.password()).getBytes(StandardCharsets.UTF_8));
    }

    private Token fetch(Challenge challenge, String scope) throws IOException, InterruptedException {
        asked = true;
        var realm = challenge.parameter("realm");
        var request =
                switch (credentials) {
                    case Credentials.IdentityToken(var refresh) -> post(realm, challenge, scope, refresh);
                    case Credentials.UserPassword user ->
                        get(realm + (offline ? offlineQuery(realm, user.user()) : ""), challenge, scope)
                                .header("Authorization", basic(user));
                    case Credentials.Anonymous() -> get(realm, challenge, scope);
                    case Credentials.RegistryToken(var token) -> get(realm, challenge, scope);
                };
        var response = http.send(
                request.timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST_ANSWER));
        if (response.statusCode() != 200) {
            boolean refused = response.statusCode() == 401 || response.statusCode() == 403;
            throw new RegistryException(
                    RegistryException.kindOf(response.statusCode()),
                    refused
                            ? "unauthorized: incorrect username or password"
                            : "token server " + URI.create(realm).getHost() + " answered " + response.statusCode());
        }
        return token(response.body(), realm);
    }

    private static String offlineQuery(String realm, String user) {
        return (realm.indexOf('?') < 0 ? '?' : '&') + "account=" + encode(user)
                + "&client_id=docker&offline_token=true";
    }

    private static HttpRequest.Builder get(String realm, Challenge challenge, String scope) {
        var query = new StringBuilder(realm).append(realm.indexOf('?') < 0 ? '?' : '&');
        query.append("service=").append(encode(challenge.parameter("service")));
        if (!scope.isEmpty()) {
            query.append("&scope=").append(encode(scope));
        }
        return HttpRequest.newBuilder(URI.create(query.toString())).GET();
    }

    private static HttpRequest.Builder post(String realm, Challenge challenge, String scope, String refresh) {
        var form = "grant_type=refresh_token&client_id=drydock&service=" + encode(challenge.parameter("service"))
                + "&scope=" + encode(scope) + "&refresh_token=" + encode(refresh);
        return HttpRequest.newBuilder(URI.create(realm))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Token token(String json, String realm) throws IOException {
        Object parsed;
        try {
            parsed = Jsonb.instance().type(Object.class).fromJson(json);
        } catch (RuntimeException e) {
            throw new RegistryException(
                    RegistryException.Kind.UNEXPECTED, "token server " + realm + " did not answer JSON", e);
        }
        if (parsed instanceof Map<?, ?> fields) {
            var value = fields.get("token") instanceof String s && !s.isEmpty() ? s : fields.get("access_token");
            if (fields.get("refresh_token") instanceof String refresh) {
                refreshToken = refresh;
            }
            if (value instanceof String token && !token.isEmpty()) {
                long seconds = fields.get("expires_in") instanceof Number n ? n.longValue() : 60;
                // leave before the end: a request must not arrive with a token that has just run out
                return new Token(token, Instant.now().plusSeconds(Math.max(0, seconds - 10)));
            }
        }
        throw new RegistryException(
                RegistryException.Kind.UNEXPECTED, "token server " + realm + " answered without a token");
    }
}
