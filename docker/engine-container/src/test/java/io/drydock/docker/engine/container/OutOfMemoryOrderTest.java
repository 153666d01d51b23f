package io.drydock.docker.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.jsonb.Jsonb;
import io.drydock.containerd.client.ContainerdEvent;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.HostConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** containerd tells of the memory killer before the end it explains; the end must not overtake it. */
@NullUnmarked // the collaborators that an event of this kind does not reach are left out
class OutOfMemoryOrderTest {
    @Test
    void isKnownOnceTheEventHasBeenHandledEvenWhileTheContainerIsLocked() throws Exception {
        var container = new Container(
                new Definition(
                        "abc1",
                        "web",
                        "2024-01-01T00:00:00Z",
                        "sh",
                        List.of(),
                        Jsonb.instance().type(ContainerConfig.class).fromJson("{}"),
                        Jsonb.instance().type(HostConfig.class).fromJson("{}"),
                        "i",
                        "c",
                        List.of(),
                        Map.of()),
                RunState.NEW);
        var table = new ContainerTable();
        table.add(container);
        var published = new CountDownLatch(1);
        var ends = new Ends(
                null, null, null, null, null, null, null, (type, action, id, attributes) -> published.countDown());
        var watch = new TaskWatch(table, null, ends, null);

        container.lock.lock(); // as the thread that settles the end holds it
        try {
            watch.handle(new ContainerdEvent.TaskOom(Instant.EPOCH, "abc1"));
            assertThat(container.outOfMemory).isTrue();
        } finally {
            container.lock.unlock();
        }
        assertThat(published.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
