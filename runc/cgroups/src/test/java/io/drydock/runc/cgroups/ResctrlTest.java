package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.IntelRdt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of a resctrl file system that is made of plain files: few machines have the real one. */
class ResctrlTest {
    @TempDir
    Path root;

    private Resctrl resctrl;

    @BeforeEach
    void mount() throws IOException {
        file("info/L3/cbm_mask", "fffff\n");
        file("info/L3/min_cbm_bits", "1\n");
        file("info/L3/num_closids", "16\n");
        file("info/L3_MON/mon_features", "llc_occupancy\nmbm_total_bytes\n");
        file("info/last_cmd_status", "ok\n");
        file("schemata", "L3:0=fffff\nMB:0=100\n");
        resctrl = new Resctrl(root);
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static IntelRdt wanted(String json) {
        return OciJson.read(IntelRdt.class, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aGroupOfItsOwnComesAndGoes() throws IOException {
        ResctrlGroup group = resctrl.create("web", wanted("{\"l3CacheSchema\":\"L3:0=f\",\"schemata\":[\"L2:0=3\"]}"));
        assertThat(root.resolve("web/schemata")).hasContent("L3:0=f\nL2:0=3\n");
        assertThat(group.entryFiles()).containsExactly(root.resolve("web/tasks").toString());
        group.set(List.of("L3:0=ff"));
        assertThat(Files.readString(root.resolve("web/schemata"))).startsWith("L3:0=ff\n");
        Files.delete(root.resolve("web/schemata")); // the kernel's files go with their directory
        group.delete();
        assertThat(root.resolve("web")).doesNotExist();
    }

    @Test
    void aNamedGroupIsSharedAndCountsByContainer() throws IOException {
        file("gold/schemata", "L3:0=ff\n");
        file("gold/mon_groups/other/tasks", "");
        file("gold/mon_groups/web/mon_data/mon_L3_00/llc_occupancy", "4096\n");
        file("gold/mon_groups/web/mon_data/mon_L3_00/mbm_total_bytes", "77\n");
        ResctrlGroup group = resctrl.create("web", wanted("{\"closID\":\"gold\",\"enableMonitoring\":true}"));
        assertThat(group.entryFiles())
                .containsExactly(
                        root.resolve("gold/tasks").toString(),
                        root.resolve("gold/mon_groups/web/tasks").toString());
        assertThat(group.stats())
                .containsEntry("l3_cache_info", Map.of("cbm_mask", "fffff", "min_cbm_bits", 1L, "num_closids", 16L))
                .containsEntry("l3_cache_schema_root", "L3:0=fffff")
                .containsEntry("l3_cache_schema", "L3:0=ff")
                .containsEntry("schemata", List.of("L3:0=ff"))
                .containsEntry("cmt_stats", List.of(Map.of("llc_occupancy", 4096L)))
                .containsEntry("mbm_stats", List.of(Map.of("mbm_total_bytes", 77L, "mbm_local_bytes", 0L)))
                .doesNotContainKey("mem_bw_info");
        assertThat(group.own()).isFalse();
        ResctrlGroup fresh = resctrl.create("db", wanted("{\"closID\":\"gold\",\"enableMonitoring\":true}"));
        assertThat(root.resolve("gold/mon_groups/db")).isDirectory();
        fresh.delete();
        assertThat(root.resolve("gold/mon_groups/db")).doesNotExist();
        assertThat(root.resolve("gold")).isDirectory();
    }

    @Test
    void whatCannotBeHadIsRefused() {
        assertRefused("{\"closID\":\"..\"}", "invalid intelRdt.ClosID \"..\"");
        assertRefused("{\"closID\":\"a/b\"}", "invalid intelRdt.ClosID \"a/b\"");
        assertRefused("{\"closID\":\"silver\"}", "clos dir not accessible");
        assertRefused(
                "{\"memBwSchema\":\"MB:0=20\"}",
                "intelRdt.memBwSchema is specified in config, but Intel RDT/MBA is not enabled");
    }

    private void assertRefused(String json, String message) {
        assertThatThrownBy(() -> resctrl.create("web", wanted(json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThat(root.resolve("web")).doesNotExist();
    }
}
