package io.drydock.docker.engine.container.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that may not end. */
@Timeout(60)
class ApartTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void passesOnWhatTheWorkReturnsOrThrows() throws IOException {
        assertThat(Apart.call("work", LONG, () -> Thread.currentThread().isVirtual(), late -> {}))
                .isFalse();
        assertThatThrownBy(() -> Apart.call(
                        "work",
                        LONG,
                        () -> {
                            throw new IOException("no disk");
                        },
                        late -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("no disk");
        assertThatThrownBy(() -> Apart.call(
                        "work",
                        LONG,
                        () -> {
                            throw EngineException.conflict("in use");
                        },
                        late -> {}))
                .isInstanceOf(EngineException.class)
                .hasMessage("in use");
    }

    @Test
    void whoWaitsGivesUpAndWhatEndsLateIsUndone() throws Exception {
        var release = new CountDownLatch(1);
        var undone = new CompletableFuture<String>();
        assertThatThrownBy(() -> Apart.call(
                        "mount x",
                        Duration.ofMillis(20),
                        () -> {
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            return "mounted";
                        },
                        undone::complete))
                .isInstanceOf(EngineException.class)
                .hasMessage("mount x: has not ended for 0 seconds");
        assertThat(undone).isNotDone();
        release.countDown();
        assertThat(undone.get(50, TimeUnit.SECONDS)).isEqualTo("mounted");
    }
}
