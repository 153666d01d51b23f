package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written where, in a directory with files of a group's names. */
class ResourcesTest {
    @TempDir
    Path group;

    private static Resources resources(String json) {
        return OciJson.read(Resources.class, json.getBytes(StandardCharsets.UTF_8));
    }

    private void has(String... files) throws IOException {
        for (String file : files) {
            Files.createFile(group.resolve(file));
        }
    }

    private String written(String file) throws IOException {
        return Files.readString(group.resolve(file));
    }

    @Test
    void sharesBecomeWeights() {
        assertThat(ResourcesV2.weight(0)).isEqualTo(1);
        assertThat(ResourcesV2.weight(2)).isEqualTo(1);
        assertThat(ResourcesV2.weight(1024)).isEqualTo(100);
        assertThat(ResourcesV2.weight(262143)).isEqualTo(10000);
        assertThat(ResourcesV2.weight(262144)).isEqualTo(10000);
        long before = 0;
        for (long shares = 2; shares <= 262144; shares = shares * 3 / 2 + 1) {
            assertThat(ResourcesV2.weight(shares))
                    .isGreaterThanOrEqualTo(before)
                    .isBetween(1L, 10000L);
            before = ResourcesV2.weight(shares);
        }
    }

    @Test
    void versionTwoCountsSwapAlone() throws IOException {
        has("memory.max", "memory.swap.max", "memory.low", "cpu.max", "pids.max");
        new ResourcesV2(group)
                .apply(resources("{\"memory\":{\"limit\":1000,\"swap\":3000,\"reservation\":500},"
                        + "\"cpu\":{\"quota\":5000,\"period\":10000},\"pids\":{\"limit\":-1}}"));
        assertThat(written("memory.max")).isEqualTo("1000");
        assertThat(written("memory.swap.max")).isEqualTo("2000");
        assertThat(written("memory.low")).isEqualTo("500");
        assertThat(written("cpu.max")).isEqualTo("5000 10000");
        assertThat(written("pids.max")).isEqualTo("max");
        assertThatThrownBy(() -> ResourcesV2.swap(1000, 3000)).hasMessageContaining("should be >= memory limit");
    }

    @Test
    void devicesThatNoRuleAllowsAreDenied() throws IOException {
        has("devices.allow", "devices.deny");
        ResourcesV1 limits = new ResourcesV1(Map.of("devices", group));
        limits.apply(resources("{}"), true);
        assertThat(written("devices.deny")).isEqualTo("a");
        limits.apply(resources("{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}"), true);
        assertThat(written("devices.deny")).isEqualTo("a *:* rwm");
    }

    @Test
    void aMissingControllerAndAMissingFileAreNamed() {
        ResourcesV1 limits = new ResourcesV1(Map.of("memory", group));
        assertThatThrownBy(() -> limits.apply(resources("{\"pids\":{\"limit\":5}}"), false))
                .isInstanceOf(IOException.class)
                .hasMessage("pids cgroup is not mounted");
        assertThatThrownBy(() -> limits.apply(resources("{\"memory\":{\"limit\":5}}"), false))
                .isInstanceOf(IOException.class)
                .hasMessage("failed to write \"5\" to " + group + "/memory.limit_in_bytes: no such file or directory");
        assertThatThrownBy(() -> limits.apply(resources("{\"unified\":{\"memory.high\":\"5\"}}"), false))
                .hasMessageContaining("cgroup v1");
    }
}
