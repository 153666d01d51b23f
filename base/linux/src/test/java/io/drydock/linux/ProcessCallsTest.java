package io.drydock.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessCallsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final Linux linux = Linux.system();

    @Test
    void spawnGivesExactlyTheDescriptorsAskedFor() throws Exception {
        try (PipeCalls.Pipe pipe = linux.pipes().pipe(0);
                Fd devNull = linux.files().open("/dev/null", O.RDWR)) {
            int pid = linux.processes()
                    .spawn(new Spawn(
                            "/bin/sh",
                            List.of("sh", "-c", "echo /proc/self/fd/* $A; exit 3"),
                            List.of("A=b", "PATH=/bin"),
                            Map.of(0, devNull, 1, pipe.write(), 2, devNull, 5, devNull),
                            "/",
                            false));
            try (Fd pidfd = linux.processes().pidfdOpen(pid)) {
                pipe.write().close();
                ByteBuffer out = ByteBuffer.allocate(1000);
                while (linux.files().read(pipe.read(), out) > 0) {}
                assertThat(linux.processes().waitPidfd(pidfd, true)).contains(new ExitStatus(3, 0));
                String text = new String(out.array(), 0, out.position(), StandardCharsets.UTF_8);
                // 3 is the shell's own view of the directory it lists
                assertThat(text)
                        .isEqualTo(
                                "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3 /proc/self/fd/5 b\n");
            }
        }
    }

    @Test
    void pollerWakesWhenAChildEnds() throws Exception {
        int pid = linux.processes()
                .spawn(new Spawn("/bin/sleep", List.of("sleep", "1000"), List.of(), Map.of(), null, true));
        try (Poller poller = new Poller(linux, "poller-test");
                Fd pidfd = linux.processes().pidfdOpen(pid)) {
            assertThat(linux.processes().waitPidfd(pidfd, false)).isEmpty();
            linux.processes().pidfdSendSignal(pidfd, 9);
            assertThat(poller.await(pidfd, EventCalls.IN, LONG)).isNotZero();
            assertThat(linux.processes().waitPidfd(pidfd, false)).contains(new ExitStatus(0, 9));
            Optional<ExitStatus> later = linux.processes().exitStatus(pidfd);
            assertThat(later.isEmpty() || later.get().shellCode() == 137).isTrue();
        }
    }

    @Test
    void limitsCanBeReadAndLowered() throws Exception {
        int nofile = 7;
        ProcessCalls.Rlimit before = linux.processes().getRlimit(0, nofile);
        assertThat(before.soft()).isNotZero();
        linux.processes().setRlimit(0, nofile, before);
        assertThat(linux.processes().getRlimit(0, nofile)).isEqualTo(before);
    }
}
