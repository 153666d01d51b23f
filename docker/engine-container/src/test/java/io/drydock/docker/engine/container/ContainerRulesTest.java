package io.drydock.docker.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a member that is wrongly absent fails the test in any case
class ContainerRulesTest {
    private static final HostDefaults DEFAULTS =
            new HostDefaults("runc", "json-file", Map.of("max-size", "5m"), 64L << 20, false, true, "private", "host");

    private static HostConfig host(String json) {
        return Jsonb.instance().type(HostConfig.class).fromJson(json);
    }

    private static ContainerConfig config(String json) {
        return Jsonb.instance().type(ContainerConfig.class).fromJson(json);
    }

    private static Container container(String id, String name) {
        return new Container(
                new Definition(
                        id,
                        name,
                        "2024-01-01T00:00:00Z",
                        "sh",
                        List.of(),
                        config("{}"),
                        host("{}"),
                        "i",
                        "c",
                        List.of(),
                        Map.of()),
                RunState.NEW);
    }

    @Test
    void findsByIdNameAndPrefix() {
        var table = new ContainerTable();
        table.reserve("web", "abc1");
        table.add(container("abc1", "web"));
        table.add(container("abd2", "db"));

        assertThat(table.find("abc1").id).isEqualTo("abc1");
        assertThat(table.find("/web").id).isEqualTo("abc1");
        assertThat(table.find("abd").id).isEqualTo("abd2");
        assertThatThrownBy(() -> table.find("ab")).hasMessage("Multiple IDs found with provided prefix: ab");
        assertThatThrownBy(() -> table.find("ghost")).hasMessage("No such container: ghost");
        assertThatThrownBy(() -> table.reserve("web", "other"))
                .hasMessageStartingWith(
                        "Conflict. The container name \"/web\" is already in use by container \"abc1\".");
    }

    @Test
    void restartsByPolicy() {
        assertThat(RestartRule.again(host("{}"), 1, false, 0)).isFalse();
        var always = host("{\"RestartPolicy\":{\"Name\":\"always\"}}");
        assertThat(RestartRule.again(always, 0, false, 99)).isTrue();
        assertThat(RestartRule.again(always, 0, true, 0)).isFalse();
        var twice = host("{\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":2}}");
        assertThat(RestartRule.again(twice, 0, false, 0)).isFalse();
        assertThat(RestartRule.again(twice, 1, false, 1)).isTrue();
        assertThat(RestartRule.again(twice, 1, false, 2)).isFalse();
        var unless = host("{\"RestartPolicy\":{\"Name\":\"unless-stopped\"}}");
        assertThat(RestartRule.atBoot(unless, true, true, 0)).isFalse();
        assertThat(RestartRule.atBoot(always, true, true, 0)).isTrue();
        assertThatThrownBy(
                        () -> RestartRule.check(host("{\"AutoRemove\":true,\"RestartPolicy\":{\"Name\":\"always\"}}")))
                .hasMessage("can't create 'AutoRemove' container with restart policy");
    }

    @Test
    void waitsLongerFromRestartToRestart() {
        var backoff = new Backoff();

        assertThat(backoff.next(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.next(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(200));
        for (int i = 0; i < 20; i++) {
            backoff.next(Duration.ZERO);
        }
        assertThat(backoff.next(Duration.ZERO)).isEqualTo(Duration.ofMinutes(1));
        assertThat(backoff.next(Duration.ofSeconds(10))).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void fillsInTheEnginesDefaults() {
        var done = DEFAULTS.complete(host("{\"Memory\":67108864}")).host();

        assertThat(done.networkMode()).isEqualTo("bridge");
        assertThat(done.ipcMode()).isEqualTo("private");
        assertThat(done.shmSize()).isEqualTo(64L << 20);
        assertThat(done.memorySwap()).isEqualTo(134217728);
        assertThat(done.logConfig().type()).isEqualTo("json-file");
        assertThat(done.logConfig().config()).containsEntry("max-size", "5m");
        assertThat(done.restartPolicy().name()).isEqualTo("no");
        assertThat(done.maskedPaths()).contains("/proc/kcore");
    }

    @Test
    void refusesWhatMakesNoSenseOrIsNotBuilt() {
        assertThatThrownBy(() -> DEFAULTS.complete(host("{\"Memory\":1048576}")))
                .hasMessage("Minimum memory limit allowed is 6MB");
        assertThatThrownBy(() -> DEFAULTS.complete(host("{\"NanoCpus\":1000000000000}")))
                .hasMessageStartingWith("range of CPUs is from 0.01 to ");
        assertThatThrownBy(() -> DEFAULTS.complete(host("{\"LogConfig\":{\"Type\":\"logentries\"}}")))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.INVALID));
        assertThatThrownBy(() -> DEFAULTS.complete(host("{\"PortBindings\":{\"99999/tcp\":[]}}")))
                .hasMessageContaining("99999");
    }

    @Test
    void mergesTheImagesConfig() {
        var image =
                config("{\"Cmd\":[\"serve\"],\"Entrypoint\":[\"/run\"],\"Env\":[\"A=1\",\"B=2\"],\"WorkingDir\":\"/w\","
                        + "\"ExposedPorts\":{\"80/tcp\":{}},\"Labels\":{\"x\":\"image\"},\"User\":\"u\"}");

        var plain = ConfigMerge.merge(config("{\"Image\":\"i\"}"), image, "host");
        assertThat(plain.cmd()).containsExactly("serve");
        assertThat(plain.entrypoint()).containsExactly("/run");
        assertThat(plain.hostname()).isEqualTo("host");
        var own = ConfigMerge.merge(
                config("{\"Image\":\"i\",\"Entrypoint\":[\"sh\"],\"Env\":[\"B=3\"],\"Labels\":{\"x\":\"own\"}}"),
                image,
                "h");
        assertThat(own.cmd()).isNull();
        assertThat(own.env()).containsExactly("B=3", "A=1");
        assertThat(own.labels()).containsEntry("x", "own");
        assertThat(own.exposedPorts()).containsKey("80/tcp");
        assertThatThrownBy(() -> ConfigMerge.merge(config("{}"), config("{}"), "h"))
                .hasMessage("no command specified");
    }

    @Test
    void leavesByTheDetachKeysOnly() throws Exception {
        var keys =
                new DetachKeys(new ByteArrayInputStream(new byte[] {'a', 16, 'b', 16, 17, 'c'}), DetachKeys.parse(""));
        assertThat(keys.readAllBytes()).containsExactly('a', 16, 'b');
        assertThat(keys.detached()).isTrue();
        var none = new DetachKeys(new ByteArrayInputStream(new byte[] {'a', 16}), DetachKeys.parse("ctrl-p,ctrl-q"));
        assertThat(none.readAllBytes()).containsExactly('a', 16);
        assertThat(none.detached()).isFalse();
        assertThat(DetachKeys.parse("ctrl-@,x,ctrl-[")).containsExactly(0, 'x', 27);
        assertThatThrownBy(() -> DetachKeys.parse("ctrl-1")).hasMessage("Invalid detach keys (ctrl-1) provided");
    }

    @Test
    void saysHowLongAgo() {
        assertThat(Times.human(Duration.ofMillis(10))).isEqualTo("Less than a second");
        assertThat(Times.human(Duration.ofSeconds(59))).isEqualTo("59 seconds");
        assertThat(Times.human(Duration.ofSeconds(61))).isEqualTo("About a minute");
        assertThat(Times.human(Duration.ofMinutes(46))).isEqualTo("46 minutes");
        assertThat(Times.human(Duration.ofMinutes(61))).isEqualTo("About an hour");
        assertThat(Times.human(Duration.ofHours(47))).isEqualTo("47 hours");
        assertThat(Times.human(Duration.ofDays(20))).isEqualTo("2 weeks");
        var exited = RunState.NEW
                .started(1, "2024-01-01T00:00:00Z")
                .finished(RunState.Status.EXITED, 3, false, "2024-01-01T00:01:00Z");
        assertThat(ContainerViews.status(Container.Run.of(exited), null, Instant.parse("2024-01-01T00:03:00Z")))
                .isEqualTo("Exited (3) 2 minutes ago");
    }

    @Test
    void theRuntimesWordsDecideTheExitCode() {
        assertThat(StartFailure.exitCode("exec: \"x\": executable file not found in $PATH: unknown"))
                .isEqualTo(127);
        assertThat(StartFailure.exitCode("exec: \"/etc\": is a directory: unknown"))
                .isEqualTo(126);
        assertThat(StartFailure.exitCode("exec: \"/x\": permission denied: unknown"))
                .isEqualTo(126);
        assertThat(StartFailure.exitCode("something else")).isEqualTo(128);
    }

    @Test
    void signalsHaveNamesAndNumbers() {
        assertThat(Signals.parse("SIGTERM")).isEqualTo(15);
        assertThat(Signals.parse("kill")).isEqualTo(9);
        assertThat(Signals.parse("RTMIN+3")).isEqualTo(37);
        assertThatThrownBy(() -> Signals.parse("NOPE")).hasMessage("invalid signal: NOPE");
    }
}
