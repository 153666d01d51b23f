package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/**
 * Containers created, run and removed, 16 at a time, while clients come, hang and go: nothing fails and nothing is left behind;
 * then the same while dockerd is killed at random: nothing is lost. A short form runs with the other tests, the long one with
 * {@code -Ddrydock.soak=2000}.
 */
class SoakTest {
    private static final int CONTAINERS = Integer.getInteger("drydock.soak", 16);
    private static final int KILLS = CONTAINERS < 1000 ? 1 : 10;
    /** The kilobytes that may stay: events remembered, tables grown. */
    private static final long MORE_HEAP = 16_000;

    @Test
    void leavesNothingBehind() throws InterruptedException, ExecutionException {
        try (var engine = Engine.alone();
                var soak = new Soak(engine)) {
            var docker = engine.original();
            docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
            docker.text(
                    "run",
                    "-d",
                    "--name",
                    "steady",
                    "--network",
                    "none",
                    "box",
                    "sh",
                    "-c",
                    "yes | head -n 9999; exec sleep 100000");
            try (var clients = new HangingClients(engine.socket())) {
                soak.run(16, 0); // what is loaded once and kept
            }
            var before = Footprint.settled(engine);
            long begin = System.nanoTime();
            try (var clients = new HangingClients(engine.socket())) {
                soak.run(CONTAINERS, 0);
            }
            var after = Await.value(
                    "nothing is left behind of " + before,
                    Duration.ofSeconds(60),
                    () -> Footprint.of(engine),
                    footprint -> footprint.fitsInto(before, MORE_HEAP));
            System.out.println("soak of " + CONTAINERS + ": " + before + " -> " + after + " after "
                    + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
            assertThat(docker.text("ps", "-a", "--format", "{{.Names}}")).isEqualTo("steady");

            try (var clients = new HangingClients(engine.socket())) {
                soak.run(CONTAINERS, KILLS);
            }
            assertThat(docker.text("ps", "-a", "--format", "{{.Names}} {{.State}}"))
                    .isEqualTo("steady running");
            Await.until("shims are gone", () -> Footprint.processes(engine) <= before.processes());
        }
    }
}
