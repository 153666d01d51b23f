package io.drydock.docker.engine.log;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Who takes lines by HTTP. Used by one thread. */
final class HttpReceiver implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int MOST_WORDS = 1024;

    private final HttpClient client;

    /**
     * @param tls null for the platform's
     */
    HttpReceiver(@Nullable SSLContext tls) {
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT).version(HttpClient.Version.HTTP_1_1);
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /** An answer, its body as text. */
    record Answer(int status, String body) {
        boolean isOk() {
            return status >= 200 && status < 300;
        }

        /** What a failure is called: the status, and the beginning of what was said. */
        String words() {
            return status + " - "
                    + body.substring(0, Math.min(body.length(), MOST_WORDS)).strip();
        }
    }

    /**
     * Asks and waits, for half a minute at most.
     *
     * @throws IOException if there is no answer
     */
    Answer ask(HttpRequest.Builder request) throws IOException {
        try {
            var answer = client.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an answer", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
