package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever dies, containers live on; and nothing is left behind. */
@RequiresRoot
class CrashTest {
    private static final Stdio NONE = new Stdio.Descriptors(null, null, null, List.of());
    private final Linux linux = Linux.system();

    @TempDir
    Path directory;

    private RuntimeFixture fixture;

    @BeforeEach
    void open() {
        fixture = new RuntimeFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void containersOutliveTheirZygoteAndItIsReplaced() throws Exception {
        Container first = fixture.sleeper("first");
        Fd zygote = zygotePidfd();
        linux.processes().pidfdSendSignal(zygote, 9);
        assertThat(((KeptContainers) fixture.containers).poller.await(zygote, EventCalls.IN, Duration.ofSeconds(60)))
                .isNotZero();
        assertThat(fixture.exec(first, "echo", "alive").output()).isEqualTo("alive\n");
        Container second = fixture.sleeper("second");
        assertThat(second.state().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void containerOutlivesItsKeeperAndCanBeDeleted() throws Exception {
        Container container = fixture.sleeper("orphan");
        linux.processes().kill(parentOf(container.init().pid()), 9);
        Await.until(
                "the keeper is gone",
                () -> parentOf(container.init().pid()) == 1
                        || !"drydock-keeper"
                                .equals(Files.readString(Path.of("/proc/"
                                                + parentOf(container.init().pid()) + "/comm"))
                                        .strip()));
        assertThat(container.state().status()).isEqualTo(Status.RUNNING);
        Container loaded = fixture.containers.load("orphan");
        assertThat(loaded.state().status()).isEqualTo(Status.RUNNING);
        loaded.kill(9);
        loaded.delete(true);
        assertThat(fixture.containers.list()).isEmpty();
        container.close();
    }

    private static int parentOf(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
    }

    @Test
    void heldDescriptorsKeepWhatWasWrittenForTheNextReader() throws Exception {
        TestBundle bundle = fixture.bundle("sh", "-c", "echo one; sleep 1000");
        Container container;
        Pipe pipe = linux.pipes().pipe(0);
        try (Fd read = pipe.read();
                Fd write = pipe.write()) {
            container = fixture.containers.create(
                    fixture.request("held", bundle, new Stdio.Descriptors(null, write, write, List.of(read))));
        }
        container.start();
        container.close(); // the program that made it is gone
        Container loaded = fixture.containers.load("held");
        try (Fd read = loaded.init().held(0)) {
            ByteBuffer text = ByteBuffer.allocate(16);
            linux.files().read(read, text);
            assertThat(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8))
                    .isEqualTo("one\n");
        }
        assertThat(loaded.state().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void exitStatusIsOnDiskBeforeAnyoneIsTold() throws Exception {
        TestBundle bundle = fixture.bundle("sh", "-c", "exit 42");
        Container container = fixture.containers.create(fixture.request("exit", bundle, NONE));
        container.start();
        Exit exit = container.init().exit().get(60, TimeUnit.SECONDS);
        String[] words =
                Files.readString(directory.resolve("state/exit/exit")).strip().split(" ");
        assertThat(Integer.parseInt(words[0])).isEqualTo(42 << 8);
        assertThat(Long.parseLong(words[1])).isEqualTo(exit.at().getEpochSecond());
    }

    @Test
    void aHundredLivesLeaveNothingBehind() throws Exception {
        fixture.run("warm", fixture.bundle("true")); // the poller, the zygote and whatever a first time opens
        int descriptors = count(Path.of("/proc/self/fd"));
        long[] micros = new long[100];
        TestBundle bundle = fixture.bundle("true");
        for (int i = 0; i < micros.length; i++) {
            bundle.linux.remove("cgroupsPath");
            CreateRequest request = fixture.request("life-" + i, bundle, NONE);
            long begin = System.nanoTime();
            Container container = fixture.containers.create(request);
            container.start();
            micros[i] = (System.nanoTime() - begin) / 1000;
            container.init().exit().get(60, TimeUnit.SECONDS);
            container.delete(false);
        }
        Arrays.sort(micros);
        System.out.printf("create+start: median %d us, p90 %d us%n", micros[50], micros[90]);
        assertThat(count(directory.resolve("state"))).isZero();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
        Await.until("all keepers have ended", () -> keepersOf(zygotePid()).isEmpty());
        assertThat(count(Path.of("/proc/self/fd"))).isLessThan(descriptors + 50);
    }

    private Fd zygotePidfd() {
        return Objects.requireNonNull(((KeptContainers) fixture.containers).zygote.pidfd());
    }

    private int zygotePid() throws IOException {
        Fd zygote = zygotePidfd();
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + zygote.number()))) {
            if (line.startsWith("Pid:")) {
                return Integer.parseInt(line.substring(4).strip());
            }
        }
        throw new AssertionError("not a pidfd");
    }

    private static List<Integer> keepersOf(int zygote) throws IOException {
        List<Integer> keepers = new ArrayList<>();
        String children = Files.readString(Path.of("/proc/" + zygote + "/task/" + zygote + "/children"));
        for (String pid : children.split(" ")) {
            if (!pid.isBlank()) {
                keepers.add(Integer.parseInt(pid.strip()));
            }
        }
        return keepers;
    }

    private static int count(Path directory) throws IOException {
        int n = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path ignored : entries) {
                n++;
            }
        }
        return n;
    }

    @Test
    void anIdleKeeperIsSmall() throws Exception {
        Container container = fixture.sleeper("small");
        int keeper = parentOf(container.init().pid());
        int kilobytes = 0;
        for (String line : Files.readAllLines(Path.of("/proc/" + keeper + "/smaps_rollup"))) {
            if (line.startsWith("Private_Dirty:") || line.startsWith("Private_Clean:")) {
                kilobytes += Integer.parseInt(line.replaceAll("\\D+", ""));
            }
        }
        System.out.println("private memory of a keeper: " + kilobytes + " KB");
        assertThat(kilobytes).isLessThanOrEqualTo(150);
    }
}
