package io.drydock.docker.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.HealthConfig;
import io.drydock.spec.engine.HealthcheckResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthRulesTest {
    private static final long SECOND = 1_000_000_000;
    private static final Duration LONG = Duration.ofHours(1);

    private static HealthConfig config(int retries, long startPeriod) {
        return new HealthConfig(List.of("CMD", "true"), 7 * SECOND, 0, retries, startPeriod, SECOND);
    }

    private static HealthcheckResult result(int code) {
        return new HealthcheckResult("", "", code, "out " + code);
    }

    @Test
    void becomesUnhealthyAfterSoManyFailuresInARowAndHealthyAtOnce() {
        var config = config(2, 0);
        var health = HealthRules.after(HealthRules.NEW, config, result(1), LONG);
        assertThat(health.status()).isEqualTo("starting");
        health = HealthRules.after(health, config, result(-1), LONG);
        assertThat(health.status()).isEqualTo("unhealthy");
        assertThat(health.failingStreak()).isEqualTo(2);
        health = HealthRules.after(health, config, result(0), LONG);
        assertThat(health.status()).isEqualTo("healthy");
        assertThat(health.failingStreak()).isZero();
    }

    @Test
    void doesNotCountFailuresOfTheStartPeriodUntilItWasHealthyOnce() {
        var config = config(1, 60 * SECOND);
        var early = Duration.ofSeconds(5);
        var health = HealthRules.after(HealthRules.NEW, config, result(1), early);
        assertThat(health.status()).isEqualTo("starting");
        assertThat(health.failingStreak()).isZero();
        health = HealthRules.after(health, config, result(0), early);
        health = HealthRules.after(health, config, result(1), early);
        assertThat(health.status()).isEqualTo("unhealthy");
    }

    @Test
    void probesOfManyContainersBeginTogetherAndAtMostATenthLater() {
        var second = Duration.ofSeconds(1);
        for (long now : List.of(-5L, 0L, 1L, 123_456_789L, 99_999_999L, 100_000_000L)) {
            var pause = HealthRules.together(second, now);
            assertThat(Math.floorMod(now + pause.toNanos(), 100_000_000L)).isZero();
            assertThat(pause).isBetween(second, Duration.ofMillis(1100));
        }
        assertThat(HealthRules.together(Duration.ofMillis(10), 7).toNanos()).isEqualTo(10_999_993);
        assertThat(HealthRules.together(Duration.ofHours(1), 7)).isBetween(LONG, LONG.plusMillis(100));
    }

    @Test
    void keepsFiveResults() {
        var health = HealthRules.NEW;
        for (int i = 1; i <= 7; i++) {
            health = HealthRules.after(health, config(3, 0), result(i), LONG);
        }
        assertThat(health.log()).extracting(HealthcheckResult::exitCode).containsExactly(3, 4, 5, 6, 7);
    }

    @Test
    void probesMoreOftenInTheStartPeriod() {
        var config = config(3, 60 * SECOND);
        assertThat(HealthRules.pause(config, HealthRules.NEW, Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(HealthRules.pause(config, HealthRules.NEW, LONG)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void knowsItsCommand() {
        assertThat(command("{\"Healthcheck\":{\"Test\":[\"CMD\",\"a\",\"b\"]}}"))
                .containsExactly("a", "b");
        assertThat(command("{\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"a b\"]}}"))
                .containsExactly("/bin/sh", "-c", "a b");
        assertThat(command("{\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"a\"]},\"Shell\":[\"ash\"]}"))
                .containsExactly("ash", "a");
        assertThat(command("{\"Healthcheck\":{\"Test\":[\"NONE\"]}}")).isEmpty();
        assertThat(command("{\"Healthcheck\":{\"Test\":[]}}")).isEmpty();
        assertThat(command("{}")).isEmpty();
    }

    private static List<String> command(String json) {
        return HealthRules.command(Jsonb.instance().type(ContainerConfig.class).fromJson(json));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> HealthRules.check(new HealthConfig(List.of("CMD", "x"), 1000, 0, 0, 0, 0)))
                .hasMessage("Interval in Healthcheck cannot be less than 1ms");
        assertThatThrownBy(() -> HealthRules.check(new HealthConfig(List.of("CMD", "x"), 0, 0, -1, 0, 0)))
                .hasMessage("Retries in Healthcheck cannot be negative");
    }

    @Test
    void cutsLongOutput() {
        var output = new ProbeOutput();
        byte[] bytes = "x".repeat(3000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        output.write(1, bytes, bytes.length);
        output.write(2, bytes, bytes.length);
        assertThat(output.text()).hasSize(4099).endsWith("x...");
    }

    @Test
    void writesDurationsAsGoDoes() {
        assertThat(Times.go(Duration.ofSeconds(90))).isEqualTo("1m30s");
        assertThat(Times.go(Duration.ofMillis(1500))).isEqualTo("1.5s");
        assertThat(Times.go(Duration.ofMillis(200))).isEqualTo("200ms");
        assertThat(Times.go(Duration.ofHours(1))).isEqualTo("1h0m0s");
    }
}
