package io.drydock.docker.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.watch.OperationLock;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operation that hangs. */
@Timeout(60)
class WatchdogTest {
    private final ContainerTable table = new ContainerTable();
    private final List<String> said = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private Container container(String name) {
        var definition = new Definition(
                name.repeat(64),
                name,
                "2024-01-01T00:00:00Z",
                "",
                List.of(),
                Jsonb.instance().type(ContainerConfig.class).fromJson("{}"),
                Jsonb.instance().type(HostConfig.class).fromJson("{}"),
                "",
                "",
                List.of(),
                Map.of());
        table.reserve(name, definition.id());
        var container = new Container(definition, RunState.NEW);
        table.add(container);
        return container;
    }

    private Thread hang(Container container) throws InterruptedException {
        var thread = Thread.startVirtualThread(() -> {
            container.lock.lock();
            try {
                begun.countDown();
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                container.lock.unlock();
            }
        });
        begun.await();
        return thread;
    }

    @Test
    void namesTheContainerAndThePlace() throws Exception {
        container("b");
        var thread = hang(container("a"));
        new Watchdog(table, Duration.ofHours(1), said::add).look();
        assertThat(said).isEmpty();

        var watchdog = new Watchdog(table, Duration.ZERO, said::add);
        watchdog.look();
        assertThat(said)
                .singleElement()
                .asString()
                .matches(
                        "container a \\(a{12}\\): an operation has not ended for \\d+ seconds, 0 wait for it; it is at "
                                + ".*WatchdogTest.*");

        released.countDown();
        thread.join();
        said.clear();
        watchdog.look();
        assertThat(said).isEmpty();
    }

    @Test
    void saysItAgainWhenItHasTakenTwiceAsLongOrIsAnother() {
        var minute = Duration.ofMinutes(1);

        assertThat(Watchdog.due(null, minute)).isTrue();
        assertThat(Watchdog.due(minute, minute)).isFalse();
        assertThat(Watchdog.due(minute, Duration.ofSeconds(119))).isFalse();
        assertThat(Watchdog.due(minute, Duration.ofMinutes(2))).isTrue();
        assertThat(Watchdog.due(minute, Duration.ofSeconds(31))).isTrue();
    }

    @Test
    void aClientWaitsForALimitedTimeAndOthersNotAtAll() throws Exception {
        var a = container("a");
        var b = container("b");
        var thread = hang(a);

        b.lockForRequest();
        b.lock.unlock();
        assertThatThrownBy(() -> a.lock.lockWithin(Duration.ofMillis(20), "container a"))
                .hasMessageMatching("container a is busy: an operation on it has not ended for \\d+ seconds")
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.UNAVAILABLE);
        assertThat(table.all()).hasSize(2);

        released.countDown();
        thread.join();
        a.lock.lockWithin(Duration.ofSeconds(30), "container a");
        assertThat(a.lock.held()).extracting(OperationLock.Held::thread).isEqualTo(Thread.currentThread());
        a.lock.unlock();
        assertThat(a.lock.held()).isNull();
    }
}
