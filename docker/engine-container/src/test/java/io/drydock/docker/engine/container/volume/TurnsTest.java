package io.drydock.docker.engine.container.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.engine.container.watch.OperationLock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work on one name after the other. */
@Timeout(60)
class TurnsTest {
    private final Turns turns = new Turns();

    @Test
    void whoWaitsForANameDoesSoForALimitedTimeAndNothingIsKept() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var hanging = Thread.startVirtualThread(() -> turns.with("a", OperationLock::lock, () -> {
            begun.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "";
        }));
        begun.await();

        assertThatThrownBy(() -> turns.with("a", lock -> lock.lockWithin(Duration.ofMillis(20), "volume a"), () -> ""))
                .hasMessageMatching("volume a is busy: an operation on it has not ended for \\d+ seconds");
        assertThat(turns.<String>with("b", OperationLock::lock, () -> "done")).isEqualTo("done");
        assertThat(turns.size()).isEqualTo(1);

        released.countDown();
        hanging.join();
        assertThatThrownBy(() -> turns.with("a", OperationLock::lock, () -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");
        assertThat(turns.size()).isZero();
    }
}
