package io.drydock.registry.server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts the events of one endpoint in their order, on a thread of its own, until they are taken. */
final class Subscriber implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Subscriber.class);
    private static final String TYPE = "application/vnd.docker.distribution.events.v1+json";
    private static final int BATCH = 100;

    private volatile NotificationSettings.Endpoint endpoint;
    private final Outbox outbox;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Thread thread;

    Subscriber(NotificationSettings.Endpoint endpoint, Outbox outbox) {
        this.endpoint = endpoint;
        this.outbox = outbox;
        this.thread = Thread.ofVirtual().name("notify-" + endpoint.name()).start(this::run);
    }

    String name() {
        return endpoint.name();
    }

    /** Posts as another endpoint of the same name says from now on. */
    void turnTo(NotificationSettings.Endpoint other) {
        endpoint = other;
    }

    /**
     * Adds events that it wants.
     *
     * @throws IOException if they cannot be kept
     */
    void tell(List<Notice> notices) throws IOException {
        var lines = new ArrayList<String>();
        for (var notice : notices) {
            if (!endpoint.actions().contains(notice.action())
                    && !endpoint.mediaTypes().contains(notice.mediaType())) {
                lines.add(notice.json());
            }
        }
        if (!lines.isEmpty() && !outbox.add(lines)) {
            log.error("notifications: the outbox of {} is full: {} events are lost", endpoint.name(), lines.size());
        }
    }

    private void run() {
        int failures = 0;
        try {
            while (!outbox.isClosed()) {
                var batch = outbox.take(BATCH);
                if (batch.lines().isEmpty()) {
                    continue;
                }
                try {
                    post("{\"events\":[" + String.join(",", batch.lines()) + "]}");
                    outbox.delivered(batch);
                    failures = 0;
                } catch (IOException e) {
                    failures++;
                    if (failures == 1 || failures % endpoint.threshold() == 0) {
                        log.error("notifications: {} does not take events: {}", endpoint.name(), e.getMessage());
                    }
                    if (failures >= endpoint.threshold()) {
                        outbox.rest(endpoint.backoff());
                    }
                }
            }
        } catch (IOException e) {
            log.error("notifications: the outbox of {} cannot be read: {}", endpoint.name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(endpoint.url())
                .timeout(endpoint.timeout())
                .header("Content-Type", TYPE)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        endpoint.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() < 200 || answer.statusCode() >= 400) {
            throw new IOException("status " + answer.statusCode());
        }
    }

    @Override
    public void close() throws IOException {
        outbox.stop();
        http.shutdownNow(); // a post under way is posted again by the next process
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outbox.close();
    }
}
