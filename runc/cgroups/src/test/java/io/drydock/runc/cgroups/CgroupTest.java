package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups of this machine's kernel, whichever version it has. */
@RequiresRoot
class CgroupTest {
    private CgroupLayout layout;
    private Cgroup cgroup;
    private Process process;

    @BeforeEach
    void make() throws IOException {
        layout = CgroupLayout.read();
        cgroup = Cgroup.create(
                layout, "/drydock-cgroup-test-" + ProcessHandle.current().pid() + "/inner", "id");
        process = new ProcessBuilder("sleep", "1000").start();
    }

    @AfterEach
    void clean() throws Exception {
        cgroup.thaw();
        process.destroyForcibly().waitFor();
        cgroup.delete();
        for (String path : cgroup.paths().values()) {
            Files.deleteIfExists(Path.of(path).getParent());
        }
    }

    private void enter() throws IOException {
        for (String path : cgroup.paths().values()) {
            Files.writeString(Path.of(path, "cgroup.procs"), Long.toString(process.pid()));
        }
    }

    @Test
    void stopsCountsAndKillsItsProcesses() throws Exception {
        enter();
        assertThat(cgroup.pids()).containsExactly((int) process.pid());
        cgroup.freeze();
        assertThat(cgroup.isFrozen()).isTrue();
        assertThatThrownBy(() -> Cgroup.create(
                        layout,
                        "/drydock-cgroup-test-" + ProcessHandle.current().pid() + "/inner",
                        "id"))
                .hasMessage("container's cgroup unexpectedly frozen");
        cgroup.thaw();
        assertThat(cgroup.isFrozen()).isFalse();
        assertThat(cgroup.stats().cpu().total()).isGreaterThanOrEqualTo(0);
        cgroup.freeze();
        cgroup.kill();
        assertThat(process.waitFor(30, TimeUnit.SECONDS))
                .as("a frozen process dies")
                .isTrue();
        Await.until("the group is empty", () -> cgroup.pids().isEmpty());
    }

    @Test
    void isGoneAfterItsDeletionAndSaysSo() throws Exception {
        for (String path : cgroup.paths().values()) {
            Files.createDirectory(Path.of(path, "below"));
        }
        cgroup.delete();
        assertThat(cgroup.paths().values()).noneMatch(path -> Files.exists(Path.of(path)));
        assertThat(cgroup.pids()).isEmpty();
        assertThat(cgroup.isFrozen()).isFalse();
        assertThat(cgroup.stats().memory().usage().now()).isZero();
        cgroup.delete();
    }

    @Test
    void setsLimitsThatGrowAndShrink() throws Exception {
        for (int megabytes : new int[] {64, 128, 32}) {
            long limit = megabytes * 1024L * 1024;
            cgroup.apply(
                    OciJson.read(
                            Resources.class,
                            ("{\"memory\":{\"limit\":" + limit + ",\"swap\":" + 2 * limit + "},\"pids\":{\"limit\":17},"
                                            + "\"cpu\":{\"shares\":512,\"quota\":" + megabytes * 1000
                                            + ",\"period\":100000}}")
                                    .getBytes(StandardCharsets.US_ASCII)),
                    true);
            assertThat(cgroup.stats().memory().usage().limit()).isEqualTo(limit);
            assertThat(cgroup.stats().pids().limit()).isEqualTo(17);
        }
    }
}
