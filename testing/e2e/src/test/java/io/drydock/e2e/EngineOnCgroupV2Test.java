package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import io.drydock.testkit.UserModeLinux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** All programs together on a system with cgroup v2 alone. Slow, therefore only part of {@code ./dev test-v2}. */
@RequiresRoot
@EnabledIfEnvironmentVariable(named = "DRYDOCK_GUEST", matches = "all", disabledReason = "part of ./dev test-v2")
class EngineOnCgroupV2Test {
    private static final Duration LIMIT = Duration.ofMinutes(12);

    @TempDir
    Path directory;

    @Test
    void containersAreLimitedCountedPausedAndKilled() throws Exception {
        Assumptions.assumeTrue(UserModeLinux.isInstalled(), "needs the Debian package user-mode-linux");
        Path image = BusyboxImage.rootfs(Files.createDirectory(directory.resolve("image")));
        Command.Result result = UserModeLinux.run(directory, script(image), LIMIT);
        String out = result.out();
        assertThat(section(out, "info")).contains("Cgroup Version: 2");
        assertThat(section(out, "limits")).startsWith("0::/\n67108864\n67108864\n50000 100000\n50\n");
        assertThat(section(out, "host namespace")).startsWith("0::/docker/");
        assertThat(section(out, "parent")).startsWith("0::/foo/bar/");
        assertThat(section(out, "stats")).contains("/ 64MiB").endsWith(" 1\n");
        assertThat(section(out, "update")).isEqualTo("134217728\n134217728\n");
        assertThat(section(out, "device")).contains("/dev/kmsg: Operation not permitted");
        assertThat(section(out, "device allowed")).isEqualTo("opened\n");
        assertThat(section(out, "privileged")).isEqualTo("opened\n");
        assertThat(section(out, "pause")).isEqualTo("paused\nrunning\n");
        assertThat(section(out, "memory")).isEqualTo("137\ntrue 137\n");
        assertThat(section(out, "left"))
                .as("groups")
                .isEqualTo("/sys/fs/cgroup/docker\n/sys/fs/cgroup/foo\n/sys/fs/cgroup/foo/bar\n");
        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    private static String section(String out, String name) {
        String head = "== " + name + '\n';
        int begin = out.indexOf(head);
        assertThat(begin).as(out).isNotNegative();
        int end = out.indexOf("== ", begin + head.length());
        return out.substring(begin + head.length(), end);
    }

    private static String script(Path image) {
        return """
                docker=%s; dockerd=%s; image=%s
                busybox insmod /usr/lib/uml/modules/$(uname -r)/kernel/fs/overlayfs/overlay.ko
                $dockerd --data-root $TMPDIR/data --exec-root $TMPDIR/exec -p $TMPDIR/pid -H unix://$TMPDIR/d.sock \\
                  --bridge none --iptables=false > $TMPDIR/log 2>&1 &
                engine=$!
                export DOCKER_HOST=unix://$TMPDIR/d.sock
                until [ -S $TMPDIR/d.sock ] || ! kill -0 $engine; do sleep 1; done
                run() { $docker run --network none "$@"; }
                open='mknod /dev/kmsg c 1 11; (: < /dev/kmsg) && echo opened'
                echo '== info'; $docker info 2>&1 | grep Cgroup
                $docker import $image bb
                echo '== limits'
                run --rm -m 64m --cpus 0.5 --pids-limit 50 bb sh -c \\
                  'cd /sys/fs/cgroup; cat /proc/self/cgroup memory.max memory.swap.max cpu.max pids.max'
                echo '== host namespace'; run --rm --cgroupns host bb cat /proc/self/cgroup
                echo '== parent'; run --rm --cgroupns host --cgroup-parent /foo/bar bb cat /proc/self/cgroup
                run -d --name idle -m 64m bb sleep 10000
                echo '== stats'; $docker stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' idle
                echo '== update'
                $docker update -m 128m --memory-swap 256m idle > /dev/null
                $docker exec idle cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory.swap.max
                echo '== device'; $docker exec idle sh -c "$open" 2>&1
                echo '== device allowed'; run --rm --device-cgroup-rule 'c 1:11 r' bb sh -c "$open" 2>&1
                echo '== privileged'; run --rm --privileged bb sh -c '(: < /dev/kmsg) && echo opened' 2>&1
                echo '== pause'
                $docker pause idle > /dev/null; $docker inspect -f '{{.State.Status}}' idle
                $docker unpause idle > /dev/null; $docker inspect -f '{{.State.Status}}' idle
                echo '== memory'; run --name greedy -m 16m bb tail /dev/zero; echo $?
                $docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' greedy
                $docker rm -f idle greedy > /dev/null
                echo '== left'; find /sys/fs/cgroup -mindepth 1 -type d
                echo '== log'; cat $TMPDIR/log
                kill $engine; wait $engine
                """.formatted(Programs.original("docker"), Programs.ours("dockerd"), image);
    }
}
