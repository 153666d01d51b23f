package io.drydock.docker.dockerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.client.PullRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a changed {@code daemon.json} changes. */
class LiveSettingsTest {
    @TempDir
    Path directory;

    private DaemonConfig config(String json) throws Exception {
        return DaemonConfig.of(
                "--config-file",
                Files.writeString(directory.resolve("daemon.json"), json).toString());
    }

    private LiveSettings live(String json) throws Exception {
        return LiveSettings.of(
                config("{\"log-driver\":\"local\"}").with(DaemonConfig.RELOADED, config(json)),
                new InstalledPrograms(directory),
                directory);
    }

    @Test
    void registriesRuntimesAndDefaultsChangeTheRestStays() throws Exception {
        var live = live("""
                {"registry-mirrors": ["http://mirror:5000"], "insecure-registries": ["reg:5000", "10.0.0.0/8"],
                 "runtimes": {"crun": {"path": "/usr/bin/crun"}}, "default-runtime": "crun", "log-driver": "none",
                 "max-concurrent-downloads": 2, "max-concurrent-uploads": 1, "max-download-attempts": 3,
                 "default-shm-size": "1M", "default-ipc-mode": "shareable", "features": {"containerd-snapshotter": true}}
                """);

        assertThat(live.registries().mirrors()).containsExactly("http://mirror:5000/");
        assertThat(live.registries().isInsecure("10.1.2.3:80")).isTrue();
        assertThat(live.registries().isInsecure("other:5000")).isFalse();
        assertThat(live.registries().limits()).isEqualTo(new PullRequest.Limits(2, 1, 3));
        assertThat(live.runtimes().programs()).containsEntry("crun", "/usr/bin/crun");
        assertThat(live.defaults().runtime()).isEqualTo("crun");
        assertThat(live.defaults().shmSize()).isEqualTo(1 << 20);
        assertThat(live.defaults().ipcMode()).isEqualTo("shareable");
        assertThat(live.defaults().logDriver()).isEqualTo("local");
    }

    @Test
    void whatIsWrongIsRefusedAsAWhole() {
        assertThatThrownBy(() -> live("{\"default-runtime\":\"crun\",\"debug\":true}"))
                .hasMessage("specified default runtime 'crun' does not exist");
        assertThatThrownBy(() -> live("{\"registry-mirrors\":[\"mirror\"]}")).hasMessageContaining("invalid mirror");
        assertThatThrownBy(() -> live("{\"default-shm-size\":\"much\"}")).hasMessageContaining("invalid size");
        assertThatThrownBy(() -> live("{\"features\":{\"cdi\":true}}"))
                .hasMessageContaining("feature \"cdi=true\" is not built into this engine yet");
    }
}
