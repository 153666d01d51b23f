package io.drydock.docker.engine.container.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.HostConfig;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // a member that is wrongly absent fails the test in any case
class EngineDatabaseTest {
    @TempDir
    Path directory;

    private static Definition definition(String id) {
        var config =
                Jsonb.instance().type(ContainerConfig.class).fromJson("{\"Image\":\"box\",\"Labels\":{\"a\":\"b\"}}");
        var host = Jsonb.instance().type(HostConfig.class).fromJson("{\"Memory\":7}");
        var mount = new MountPlan("volume", "v", "/s", "/d", "local", "z", true, "", true, "", false);
        return new Definition(
                id,
                "name",
                "2024-01-01T00:00:00Z",
                "sh",
                List.of("-c"),
                config,
                host,
                "sha256:1",
                "sha256:2",
                List.of(mount),
                Map.of());
    }

    @Test
    void remembersAcrossRestarts() {
        var file = directory.resolve("engine.db");
        var state = RunState.NEW.started(5, "2024-01-02T00:00:00Z");
        String engine;
        try (var database = EngineDatabase.open(file)) {
            engine = database.meta("engine-id", "first");
            database.put(definition("a"), RunState.NEW);
            database.put(definition("b"), RunState.NEW);
            database.putState("a", state);
            database.removeContainer("b");
            database.put(new VolumeRecord("v", "2024-01-01T00:00:00Z", Map.of(), Map.of("k", "l"), "local"));
        }
        try (var database = EngineDatabase.open(file)) {
            assertThat(database.meta("engine-id", "second")).isEqualTo(engine).isEqualTo("first");
            var stored = database.containers();
            assertThat(stored).hasSize(1);
            assertThat(stored.getFirst().definition()).isEqualTo(definition("a"));
            assertThat(stored.getFirst().state()).isEqualTo(state);
            assertThat(database.volumes().get("v").labels()).containsEntry("k", "l");
        }
    }

    @Test
    void aBrokenContainerDoesNotHideTheOthers() throws Exception {
        var file = directory.resolve("engine.db");
        try (var database = EngineDatabase.open(file)) {
            database.put(definition("good"), RunState.NEW);
            database.put(definition("bad"), RunState.NEW);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("UPDATE containers SET definition = '{\"id\":' WHERE id = 'bad'");
        }
        try (var database = EngineDatabase.open(file)) {
            var stored = database.containers();
            assertThat(stored).hasSize(2);
            assertThat(stored.stream().filter(s -> s.broken() != null).map(EngineDatabase.Stored::id))
                    .containsExactly("bad");
        }
    }
}
