package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.runc.cgroups.dbus.Variant;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemdPropertiesTest {
    private static List<Object> properties(String json, boolean unified, boolean devices) throws IOException {
        Resources resources = OciJson.read(Resources.class, json.getBytes(StandardCharsets.UTF_8));
        return SystemdProperties.of(resources, unified, devices, 252);
    }

    private static Object number(String name, long value) {
        return List.of(name, Variant.of(value));
    }

    @Test
    void namesOfUnitsAndSlices() throws IOException {
        SystemdName docker = SystemdName.of("my-own.slice:docker:abc", "id", false);
        assertThat(docker.unit()).isEqualTo("docker-abc.scope");
        assertThat(docker.path()).isEqualTo("/my.slice/my-own.slice/docker-abc.scope");
        assertThat(SystemdName.of(null, "id", false).path()).isEqualTo("/system.slice/runc-id.scope");
        assertThat(SystemdName.of("", "id", true).slice()).isEqualTo("user.slice");
        assertThat(SystemdName.of("-.slice:a:b", "id", false).path()).isEqualTo("/a-b.scope");
        assertThat(SystemdName.of(":a:b.slice", "id", false).isSlice()).isTrue();
        assertThatThrownBy(() -> SystemdName.of("/docker/abc", "id", false))
                .hasMessage("expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got"
                        + " \"/docker/abc\" instead");
        assertThatThrownBy(() -> SystemdName.expand("a--b.slice")).hasMessage("invalid slice name: a--b.slice");
    }

    @Test
    void limitsOfVersionTwo() throws IOException {
        String json = "{\"memory\":{\"limit\":1000,\"swap\":3000,\"reservation\":500},\"pids\":{\"limit\":-1},"
                + "\"cpu\":{\"shares\":1024,\"quota\":12345,\"period\":100000,\"cpus\":\"0-2,9\"}}";
        assertThat(properties(json, true, false))
                .containsExactly(
                        number("MemoryMax", 1000),
                        number("MemoryLow", 500),
                        number("MemorySwapMax", 2000),
                        number("CPUWeight", 100),
                        number("CPUQuotaPeriodUSec", 100_000),
                        number("CPUQuotaPerSecUSec", 130_000),
                        List.of("AllowedCPUs", Variant.bytes(new byte[] {7, 2})),
                        number("TasksMax", -1));
        assertThat(properties(
                        "{\"unified\":{\"memory.high\":\"max\",\"pids.max\":\"0\",\"io.max\":\"x\"}}", true, false))
                .containsExactlyInAnyOrder(number("MemoryHigh", -1), number("TasksMax", 1));
    }

    @Test
    void limitsOfVersionOne() throws IOException {
        assertThat(properties(
                        "{\"memory\":{\"limit\":1000},\"cpu\":{\"shares\":512},\"blockIO\":{\"weight\":300}}",
                        false,
                        false))
                .containsExactly(number("MemoryLimit", 1000), number("CPUShares", 512), number("BlockIOWeight", 300));
    }

    @Test
    void devicesThatAreAllowed() throws IOException {
        List<Object> strict = properties(
                "{\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"b\",\"major\":8,\"access\":\"r\"}]}",
                true,
                true);
        assertThat(strict).startsWith(List.of("DevicePolicy", Variant.of("strict")));
        assertThat(strict.getLast().toString())
                .contains("[block-8, r]", "/dev/char/1:3", "[char-136, mrw]", "[char-*, m]");
        assertThat(properties("{\"devices\":[{\"allow\":true}]}", true, true))
                .startsWith(List.of("DevicePolicy", Variant.of("auto")))
                .hasSize(2);
    }

    @Test
    void annotationsAreProperties() throws IOException {
        assertThat(SystemdAnnotations.properties(Map.of("org.systemd.property.TimeoutStopSec", "uint64 3", "x", "y")))
                .containsExactly(number("TimeoutStopUSec", 3_000_000));
        assertThat(SystemdAnnotations.properties(Map.of("org.systemd.property.CollectMode", "'inactive-or-failed'")))
                .containsExactly(List.of("CollectMode", Variant.of("inactive-or-failed")));
        assertThatThrownBy(() -> SystemdAnnotations.properties(Map.of("org.systemd.property.Foo", "[1, 2]")))
                .hasMessageContaining("is not supported");
    }
}
