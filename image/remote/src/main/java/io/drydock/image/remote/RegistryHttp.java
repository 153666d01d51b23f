package io.drydock.image.remote;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Sends requests to one endpoint: adds authorization and answers challenges, follows redirects without taking credentials
 * to another host, waits as {@code Retry-After} says, and turns refusals into {@link RegistryException}. Blocks the caller.
 */
final class RegistryHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    /** From the request to the head of the answer; a body may take as long as it moves. */
    private static final Duration HEAD = Duration.ofSeconds(60);

    private static final int REDIRECTS = 5;
    private static final int ATTEMPTS = 4;
    private static final int LONGEST_ERROR = 64 * 1024;
    private static final int PIECES = 12;
    /** Bytes in a second that an upload is given time for. */
    private static final long SLOWEST = 16 * 1024;

    private volatile Endpoint endpoint;
    private final HttpClient http;
    private final Authorizer authorizer;
    private final Semaphore pieces = new Semaphore(PIECES);

    RegistryHttp(Endpoint endpoint, Credentials credentials) throws IOException {
        this.endpoint = endpoint;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        var tls = Tls.context(endpoint);
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
        this.authorizer = new Authorizer(http, credentials);
    }

    /** Who fetches pieces of blobs ahead takes a permit for each that is in memory. */
    Semaphore roomForPieces() {
        return pieces;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** A request to be sent, perhaps several times: each time it is built anew, with a fresh body. */
    interface Template extends Supplier<HttpRequest.Builder> {}

    /** A path or an absolute address, as a Location header has it, as an address of this endpoint. */
    URI uri(String location) {
        return location.startsWith("http://") || location.startsWith("https://")
                ? URI.create(location)
                : endpoint.uri(location);
    }

    /** As {@link #send}, and asks token servers for a refresh token, too. */
    HttpResponse<InputStream> sendOffline(String scope, Template template, int... wanted) throws IOException {
        authorizer.wantRefreshToken();
        return send(scope, template, wanted);
    }

    /** The refresh token that a token server gave, empty if it gave none. */
    String refreshToken() {
        return authorizer.refreshToken();
    }

    /** Whether the registry has sent us to a token server. */
    boolean askedTokenServer() {
        return authorizer.askedTokenServer();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    /**
     * Sends until an answer comes whose status is one of those wanted. The body of the answer is the caller's to close.
     *
     * @throws RegistryException for any other status
     * @throws IOException when the endpoint cannot be reached or the connection breaks
     */
    HttpResponse<InputStream> send(String scope, Template template, int... wanted) throws IOException {
        boolean answered = false;
        for (int attempt = 1; ; attempt++) {
            var response = follow(scope, template);
            int status = response.statusCode();
            for (int good : wanted) {
                if (status == good) {
                    return response;
                }
            }
            if (status == 401 && !answered) {
                answered = true;
                var text = errorText(response);
                if (answer(response, scope)) {
                    continue;
                }
                throw new RegistryException(RegistryException.kindOf(status), message(status, text));
            }
            if ((status == 429 || status == 503) && attempt < ATTEMPTS) {
                response.body().close();
                pause(retryAfter(response, attempt));
                continue;
            }
            throw refusal(response);
        }
    }

    private boolean answer(HttpResponse<?> response, String scope) throws IOException {
        try {
            var challenges = Challenge.parse(response.headers().allValues("WWW-Authenticate"));
            return authorizer.answer(challenges, scope) != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpResponse<InputStream> follow(String scope, Template template) throws IOException {
        var first = template.get();
        var known = authorizer.known(scope);
        if (known != null) {
            first.setHeader("Authorization", known);
        }
        HttpResponse<InputStream> response;
        try {
            response = once(limited(first));
        } catch (IOException e) {
            if (!fallBackToPlain()) {
                throw e;
            }
            return follow(scope, template);
        }
        for (int i = 0; i < REDIRECTS && isRedirect(response.statusCode()); i++) {
            var target = response.headers().firstValue("Location").map(response.uri()::resolve);
            if (target.isEmpty()) {
                break;
            }
            response.body().close();
            var next = template.get().uri(target.get());
            // the storage behind a registry signs its addresses; our credentials are not for it
            if (known != null && target.get().getAuthority().equals(endpoint.authority())) {
                next.setHeader("Authorization", known);
            }
            response = once(limited(next));
        }
        return response;
    }

    /** A registry that is called insecure may speak plain HTTP: once TLS has failed, that is tried, as Docker does. */
    private boolean fallBackToPlain() {
        if (!endpoint.skipVerify() || !endpoint.base().getScheme().equals("https")) {
            return false;
        }
        var plain = URI.create("http" + endpoint.base().toString().substring("https".length()));
        endpoint = new Endpoint(plain, false, null, endpoint.mirror());
        return true;
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** The answer to an upload comes when all of it has been sent. */
    private static HttpRequest limited(HttpRequest.Builder request) {
        long length = request.build()
                .bodyPublisher()
                .map(HttpRequest.BodyPublisher::contentLength)
                .orElse(0L);
        return request.timeout(HEAD.plusSeconds(Math.max(0, length) / SLOWEST)).build();
    }

    private HttpResponse<InputStream> once(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            var why = e.getMessage() == null ? "connection refused" : e.getMessage();
            throw new IOException("dial " + request.uri().getAuthority() + ": " + why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + request.method() + " " + request.uri(), e);
        }
    }

    private static Duration retryAfter(HttpResponse<?> response, int attempt) {
        var header = response.headers().firstValue("Retry-After").orElse("");
        try {
            return Duration.ofSeconds(Math.clamp(Long.parseLong(header), 0, 60));
        } catch (NumberFormatException e) {
            return Duration.ofMillis(250L << attempt); // no header, or a date: back off by doubling
        }
    }

    static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private RegistryException refusal(HttpResponse<InputStream> response) throws IOException {
        int status = response.statusCode();
        return new RegistryException(RegistryException.kindOf(status), message(status, errorText(response)));
    }

    private static String errorText(HttpResponse<InputStream> response) throws IOException {
        try (var body = response.body()) {
            return new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        }
    }

    /** The first error of a registry's error document, else the status. */
    private String message(int status, String body) {
        if (body.startsWith("{")) {
            try {
                if (Jsonb.instance().type(Object.class).fromJson(body) instanceof Map<?, ?> document
                        && document.get("errors") instanceof List<?> errors
                        && !errors.isEmpty()
                        && errors.getFirst() instanceof Map<?, ?> error) {
                    return error.get("message") + " (" + error.get("code") + ")";
                }
            } catch (RuntimeException e) {
                // not the JSON it began as: the status has to do
            }
        }
        return "unexpected status from " + endpoint.authority() + ": " + status;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
