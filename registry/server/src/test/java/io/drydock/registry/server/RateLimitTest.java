package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks too often is told when to come again. */
class RateLimitTest {
    @TempDir
    private Path directory;

    @Test
    void aBurstAndThenSoManyInASecond() {
        var clock = new AtomicLong();
        var limit = new RateLimit(2, 3, clock::get);
        for (int i = 0; i < 3; i++) {
            assertThat(limit.count("a")).isZero();
        }
        assertThat(limit.count("a")).isEqualTo(Duration.ofMillis(500));
        assertThat(limit.count("b")).isZero();
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(limit.count("a")).isEqualTo(Duration.ofMillis(250));
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(limit.count("a")).isZero();
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        for (int i = 0; i < 3; i++) {
            assertThat(limit.count("a")).isZero();
        }
        assertThat(limit.count("a")).isPositive();
    }

    @Test
    void isToldWithATime() throws IOException {
        try (var server = RegistryServer.start(Settings.parse(
                        "version: 0.1\nstorage: {filesystem: {rootdirectory: " + directory
                                + "}}\nhttp: {addr: '127.0.0.1:0', ratelimit: {requests: 1, burst: 2}}",
                        Map.of()));
                var client = new SpecClient(server.port())) {
            SpecClient.Answer answer;
            int asked = 0;
            do {
                answer = client.ask("GET", "/v2/", new byte[0]);
                asked++;
            } while (answer.status() == 200 && asked < 1000);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.error()).isEqualTo("TOOMANYREQUESTS");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        }
    }
}
