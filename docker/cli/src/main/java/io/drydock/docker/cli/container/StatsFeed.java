package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.JsonLines;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The newest numbers of one container, read on a thread of its own. */
final class StatsFeed {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Cli cli;
    private final String container;
    private final boolean stream;
    private final CountDownLatch first = new CountDownLatch(1);
    private Map<String, Object> newest = Map.of();
    private long when = System.nanoTime();
    private boolean ended;
    private @Nullable IOException failure;

    /** {@code stream} goes on until the engine ends it; otherwise there is one sample. */
    StatsFeed(Cli cli, String container, boolean stream) {
        this.cli = cli;
        this.container = container;
        this.stream = stream;
    }

    String container() {
        return container;
    }

    void start() {
        Attachment.start("stats of " + container, this::read);
    }

    private void read() {
        Request request = Request.get(Api.container(container) + "/stats").query("stream", stream ? "1" : "0");
        try (Answer answer = cli.engine().send(request)) {
            var lines = new JsonLines(answer.body());
            for (var sample = lines.next(); sample != null; sample = lines.next()) {
                take(sample);
            }
            end(null);
        } catch (IOException e) {
            end(e);
        }
    }

    private synchronized void take(Map<String, Object> sample) {
        newest = sample;
        when = System.nanoTime();
        first.countDown();
    }

    private synchronized void end(@Nullable IOException why) {
        ended = true;
        failure = why;
        first.countDown();
    }

    /** Waits for the first sample, two seconds at most. */
    void awaitFirst() throws IOException {
        try {
            first.await(FRESH_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Why the engine gives no numbers, or null. */
    synchronized @Nullable String failure() {
        IOException f = failure;
        return f == null ? null : (f instanceof EngineException ? "Error response from daemon: " : "") + f.getMessage();
    }

    synchronized StatsSample sample() {
        boolean late = stream && (ended || System.nanoTime() - when > FRESH_NANOS);
        return new StatsSample(container, newest, !newest.isEmpty() && !late);
    }
}
