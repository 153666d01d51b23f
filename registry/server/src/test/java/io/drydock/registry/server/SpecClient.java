package io.drydock.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;

/** Asks a registry by HTTP and knows nothing of registries. */
final class SpecClient implements AutoCloseable {
    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([A-Z_]+)\"");

    private final HttpClient http;
    private final String base;

    SpecClient(int port) {
        this("http://127.0.0.1:" + port, HttpClient.newHttpClient());
    }

    /** @param base scheme, host and port */
    SpecClient(String base, HttpClient http) {
        this.base = base;
        this.http = http;
    }

    record Answer(int status, HttpClient.Version version, HttpHeaders headers, byte[] body) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String text() {
            return new String(body, UTF_8);
        }

        /** The first error's code. */
        String error() {
            var code = CODE.matcher(text());
            return code.find() ? code.group(1) : "";
        }
    }

    /**
     * @param target a path, or an address
     * @param headers names and values in turn
     */
    Answer ask(String method, String target, byte[] body, String... headers) {
        return send(method, target, HttpRequest.BodyPublishers.ofByteArray(body), headers);
    }

    Answer send(String method, String target, HttpRequest.BodyPublisher body, String... headers) {
        var uri = URI.create(target.startsWith("http") ? target : base + target);
        var request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.version(), response.headers(), response.body());
        } catch (IOException e) {
            throw new AssertionError(method + " " + target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + " " + target, e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
