package io.drydock.docker.engine.container.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeCreateRequest;
import io.drydock.testkit.FakePlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volumes of the engine and of a plugin side by side. */
@Timeout(60)
class VolumesTest {
    private final List<String> events = new ArrayList<>();
    private Path directory;
    private EngineDatabase database;
    private FakePlugin plugin;
    private Volumes volumes;

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "vo-");
        database = EngineDatabase.open(directory.resolve("engine.db"));
        plugin = FakePlugin.open(directory.resolve("run/far.sock"), "VolumeDriver");
        plugin.answer("VolumeDriver.Get", "{\"Err\":\"no such volume\"}")
                .answer("VolumeDriver.List", "{\"Volumes\":[],\"Err\":\"\"}")
                .answer("VolumeDriver.Create", "{}")
                .answer("VolumeDriver.Remove", "{}")
                .answer("VolumeDriver.Unmount", "{}")
                .answer("VolumeDriver.Mount", "{\"Mountpoint\":\"/mnt/far\"}")
                .answer("VolumeDriver.Capabilities", "{\"Capabilities\":{\"Scope\":\"Global\"}}");
        volumes = open();
    }

    private Volumes open() throws IOException {
        return new Volumes(
                Linux.system(),
                directory.resolve("volumes"),
                database,
                (type, action, id, attributes) -> events.add(action + " " + id + " " + attributes),
                new Plugins(directory.resolve("run"), List.of(), Duration.ZERO));
    }

    @AfterEach
    void end() throws IOException {
        plugin.close();
        database.close();
        FileTree.delete(directory);
    }

    private static VolumeCreateRequest request(String name, String driver) {
        return new VolumeCreateRequest(name, driver, Map.of("size", "big"), Map.of("a", "b"));
    }

    @Test
    void aPluginMakesMountsAndRemovesVolumes() throws IOException {
        makeOnce();
        var made = volumes.create(request("data", "far"));

        assertThat(made.driver()).isEqualTo("far");
        assertThat(made.scope()).isEqualTo("global");
        assertThat(made.mountpoint()).isEqualTo("/mnt/far");
        assertThat(made.status()).containsEntry("health", "good");
        assertThat(made.labels()).containsEntry("a", "b");
        assertThat(plugin.calls()).contains("VolumeDriver.Create {\"Name\":\"data\",\"Opts\":{\"size\":\"big\"}}");

        volumes.use("data", "c1");
        assertThat(volumes.mount("data", "c1")).isEqualTo(Path.of("/mnt/far"));
        volumes.mount("data", "c2");
        volumes.unmount("data", "c1");
        volumes.unmount("data", "c1");
        assertThat(plugin.calls().stream().filter(call -> call.startsWith("VolumeDriver.Unmount")))
                .hasSize(1)
                .allMatch(call -> call.contains("\"ID\":\"c1\""));
        assertThatThrownBy(() -> volumes.remove("data", false)).hasMessage("remove data: volume is in use - [c1]");

        volumes = open(); // the driver is remembered
        assertThat(volumes.inspect("data").driver()).isEqualTo("far");
        assertThat(volumes.inspect("data").labels()).containsEntry("a", "b");
        volumes.remove("data", false);
        assertThat(plugin.calls()).contains("VolumeDriver.Remove {\"Name\":\"data\"}");
        assertThat(events).contains("create data {driver=far}", "destroy data {driver=far}");
    }

    /** Makes the plugin know the volume once it has been created. */
    private void makeOnce() {
        plugin.answer("VolumeDriver.Create", body -> {
            String found =
                    "{\"Volume\":{\"Name\":\"data\",\"Mountpoint\":\"/mnt/far\",\"Status\":{\"health\":\"good\"}}}";
            plugin.answer("VolumeDriver.Get", asked -> asked.contains("\"data\"") ? found : "{\"Err\":\"no\"}");
            return "{}";
        });
    }

    @Test
    void aNameBelongsToOneDriver() {
        makeOnce();
        volumes.create(request("data", "far"));

        assertThatThrownBy(() -> volumes.create(new VolumeCreateRequest("data", "local", Map.of(), Map.of())))
                .hasMessage("create data: driver 'far' already has volume 'data': volume name must be unique");
        assertThat(volumes.create(new VolumeCreateRequest("data", "", Map.of(), Map.of()))
                        .driver())
                .isEqualTo("far");
        assertThatThrownBy(() -> volumes.create(request("other", "nobody")))
                .hasMessage("create other: error looking up volume plugin nobody: plugin \"nobody\" not found")
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.NOT_FOUND);
    }

    @Test
    void whatAPluginSaysIsWrongIsToldAndNothingRemains() {
        plugin.answer("VolumeDriver.Create", "{\"Err\":\"quota exceeded\"}");

        assertThatThrownBy(() -> volumes.create(request("data", "far"))).hasMessage("create data: quota exceeded");
        assertThatThrownBy(() -> volumes.inspect("data")).hasMessage("get data: no such volume");
    }

    @Test
    void listsWhatThePluginHasAndWarnsWhenItDoesNotAnswer() {
        volumes.create(new VolumeCreateRequest("mine", "", Map.of(), Map.of()));
        plugin.answer("VolumeDriver.List", "{\"Volumes\":[{\"Name\":\"theirs\",\"Mountpoint\":\"/m\"}]}");

        assertThat(volumes.list(Filters.NONE).volumes())
                .extracting(Volume::name)
                .containsExactly("mine", "theirs");
        assertThat(volumes.list(new Filters(Map.of("driver", List.of("far")))).volumes())
                .extracting(Volume::name)
                .containsExactly("theirs");

        plugin.answer("VolumeDriver.List", "{\"Err\":\"I am ill\"}");
        var list = volumes.list(Filters.NONE);
        assertThat(list.volumes()).extracting(Volume::name).containsExactly("mine");
        assertThat(list.warnings()).containsExactly("list far: I am ill");
    }

    @Test
    void aPluginThatHangsHoldsUpItsOwnVolumeOnly() throws Exception {
        makeOnce();
        volumes.create(request("data", "far"));
        var asked = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        plugin.answer("VolumeDriver.Mount", body -> {
            asked.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "{\"Mountpoint\":\"/mnt/far\"}";
        });
        var hanging = Thread.startVirtualThread(() -> volumes.mount("data", "c1"));
        asked.await();

        volumes.create(new VolumeCreateRequest("mine", "", Map.of(), Map.of()));
        assertThat(volumes.mount("mine", "c2")).isDirectory();
        assertThat(volumes.list(Filters.NONE).volumes()).hasSize(2);

        released.countDown();
        hanging.join();
    }
}
