package io.drydock.containerd.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.containerd.events.ContainerDelete;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBusTest {
    private static final ContainerDelete EVENT =
            ContainerDelete.newBuilder().setId("c").build();

    private final EventBus bus = new EventBus();

    @Test
    void subscribersSeeWhatTheyAskedForInOrder() throws InterruptedException {
        try (var tasks = bus.subscribe(Filter.parse(List.of("namespace==moby,topic~=^/tasks/")))) {
            bus.publish("moby", "/tasks/create", EVENT);
            bus.publish("other", "/tasks/create", EVENT);
            bus.publish("moby", "/images/create", EVENT);
            bus.publish("moby", "/tasks/exit", EVENT);

            assertThat(tasks.take().getTopic()).isEqualTo("/tasks/create");
            var exit = tasks.take();
            assertThat(exit.getTopic()).isEqualTo("/tasks/exit");
            assertThat(exit.getEvent().getTypeUrl()).isEqualTo("containerd.events.ContainerDelete");
        }
    }

    @Test
    void aSubscriberThatDoesNotKeepUpGetsAllThatWaitsForItAndIsTold() throws InterruptedException {
        int room = 8192;
        try (var slow = bus.subscribe(Filter.parse(List.of()));
                var other = bus.subscribe(Filter.parse(List.of("topic==\"/last\"")))) {
            for (int i = 0; i < 10_000; i++) {
                bus.publish("moby", "/" + i, EVENT);
            }
            bus.publish("moby", "/last", EVENT);
            for (int i = 0; i < room; i++) {
                assertThat(slow.take().getTopic()).isEqualTo("/" + i);
            }
            assertThatThrownBy(slow::take)
                    .isInstanceOfSatisfying(
                            ContainerdError.class,
                            e -> assertThat(e.code()).isEqualTo(ContainerdError.Code.RESOURCE_EXHAUSTED));
            assertThat(other.take().getTopic()).isEqualTo("/last");
        }
    }
}
