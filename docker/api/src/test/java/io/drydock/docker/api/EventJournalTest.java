package io.drydock.docker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventJournalTest {
    @TempDir
    Path directory;

    private static List<String> replayed(EventBus bus) throws Exception {
        var ids = new ArrayList<String>();
        try (var subscription = bus.subscribe(Instant.EPOCH)) {
            subscription.replay(
                    event -> ids.add(Objects.requireNonNull(event.actor()).id()));
        }
        return ids;
    }

    @Test
    void tellsWhatHappenedBeforeTheEngineWasStartedAgain() throws Exception {
        try (var journal = EventJournal.open(directory, 1 << 20)) {
            var bus = new EventBus(Clock.systemUTC(), journal);
            for (int i = 0; i < 300; i++) {
                bus.publish("container", "start", "c" + i, Map.of("name", "n" + i));
            }
        }
        // the end of a line that a killed engine did not finish
        Files.writeString(directory.resolve("events.jsonl"), "{\"Type\":\"cont\n", StandardOpenOption.APPEND);
        try (var journal = EventJournal.open(directory, 1 << 20)) {
            var bus = new EventBus(Clock.systemUTC(), journal);
            bus.publish("container", "die", "last", Map.of());

            assertThat(replayed(bus)).hasSize(301).startsWith("c0", "c1").endsWith("c299", "last");
        }
    }

    @Test
    void keepsTwoFilesOfItsLimit() throws Exception {
        try (var journal = EventJournal.open(directory, 4096)) {
            var bus = new EventBus(Clock.systemUTC(), journal);
            for (int i = 0; i < 200; i++) {
                bus.publish("container", "start", "c" + i, Map.of());
            }
            assertThat(replayed(bus)).hasSizeBetween(20, 80).endsWith("c198", "c199");
            try (var files = Files.list(directory)) {
                assertThat(files).hasSize(2);
            }
        }
    }

    @Test
    void anInterruptedThreadSpoilsItForNobody() throws Exception {
        try (var journal = EventJournal.open(directory, 1 << 20)) {
            var bus = new EventBus(Clock.systemUTC(), journal);
            var publisher = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                bus.publish("container", "health_status: healthy", "one", Map.of());
            });
            assertThat(publisher.join(java.time.Duration.ofSeconds(30))).isTrue();
            bus.publish("container", "die", "two", Map.of());

            assertThat(replayed(bus)).containsExactly("one", "two");
        }
    }

    @Test
    void aListenerHearsNothingTwice() throws Exception {
        try (var journal = EventJournal.open(directory, 1 << 20)) {
            var bus = new EventBus(Clock.systemUTC(), journal);
            bus.publish("volume", "create", "before", Map.of());
            try (var subscription = bus.subscribe(Instant.EPOCH)) {
                bus.publish("volume", "create", "after", Map.of());
                var ids = new ArrayList<String>();
                subscription.replay(
                        event -> ids.add(Objects.requireNonNull(event.actor()).id()));
                assertThat(ids).containsExactly("before");
                var next = Objects.requireNonNull(subscription.next(1_000_000_000));
                assertThat(Objects.requireNonNull(next.actor()).id()).isEqualTo("after");
            }
        }
    }
}
