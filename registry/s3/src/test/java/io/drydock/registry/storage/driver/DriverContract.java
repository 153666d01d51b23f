package io.drydock.registry.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every driver does. */
public abstract class DriverContract {
    private Driver driver;

    /** A driver for nothing, or for what the last one left. */
    protected abstract Driver open() throws Exception;

    /** So many bytes are more than the driver keeps in hand while it writes. */
    protected int large() {
        return 3_000_000;
    }

    @BeforeEach
    void openFirst() throws Exception {
        driver = open();
    }

    @AfterEach
    void close() throws IOException {
        driver.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] random(int size) {
        byte[] made = new byte[size];
        new Random(size).nextBytes(made);
        return made;
    }

    private byte[] content(String path, long offset, long count) throws IOException {
        try (var file = driver.open(path).orElseThrow();
                var in = file.stream(offset, count)) {
            return in.readAllBytes();
        }
    }

    private byte[] content(String path) throws IOException {
        return content(path, 0, driver.stat(path).orElseThrow().size());
    }

    @Test
    void smallFilesAreReplacedAsAWhole() throws IOException {
        assertThat(driver.read("a/b/link")).isEmpty();
        assertThat(driver.open("a/b/link")).isEmpty();
        assertThat(driver.stat("a/b")).isEmpty();
        driver.write("a/b/link", bytes("first and longer"));
        driver.write("a/b/link", bytes("second"));
        driver.writeLightly("a/c", bytes("third"));
        assertThat(driver.read("a/b/link").orElseThrow()).isEqualTo(bytes("second"));
        assertThat(driver.read("a/c").orElseThrow()).isEqualTo(bytes("third"));
        var stat = driver.stat("a/b/link").orElseThrow();
        assertThat(stat.size()).isEqualTo(6);
        assertThat(stat.directory()).isFalse();
        assertThat(stat.modified())
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(5)),
                        Instant.now().plus(Duration.ofMinutes(5)));
        assertThat(driver.stat("a/b").orElseThrow().directory()).isTrue();
        assertThat(driver.exists("a")).isTrue();
        assertThat(driver.exists("a/b/lin")).isFalse();
        driver.write("empty", new byte[0]);
        assertThat(driver.read("empty").orElseThrow()).isEmpty();
    }

    @Test
    void aFileIsSetOnlyIfItIsWhatTheCallerBelieves() throws Exception {
        assertThat(driver.writeIf("t/link", Optional.of(bytes("x")), bytes("0")))
                .isFalse();
        assertThat(driver.writeIf("t/link", Optional.empty(), bytes("0"))).isTrue();
        assertThat(driver.writeIf("t/link", Optional.empty(), bytes("1"))).isFalse();
        assertThat(driver.writeIf("t/link", Optional.of(bytes("1")), bytes("2")))
                .isFalse();
        assertThat(driver.read("t/link").orElseThrow()).isEqualTo(bytes("0"));
        // each of many adds one, through two drivers: none is lost
        try (var other = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var adders = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 4; i++) {
                var mine = i % 2 == 0 || !shares() ? driver : other;
                adders.add(() -> add(mine, 5));
            }
            if (comparesAndSets()) {
                for (var adder : threads.invokeAll(adders)) {
                    adder.get();
                }
            } else {
                for (var adder : adders) {
                    adder.call();
                }
            }
        }
        assertThat(driver.read("t/link").orElseThrow()).isEqualTo(bytes("20"));
    }

    /** Whether two drivers of the same test have the same files. */
    protected boolean shares() {
        return true;
    }

    /** Whether what is below the driver compares and sets in one step; if not, nobody else may write meanwhile. */
    protected boolean comparesAndSets() {
        return true;
    }

    private static int add(Driver driver, int times) throws IOException {
        int tries = 0;
        for (int done = 0; done < times; tries++) {
            var now = driver.read("t/link").orElseThrow();
            int next = Integer.parseInt(new String(now, StandardCharsets.US_ASCII)) + 1;
            done += driver.writeIf("t/link", Optional.of(now), bytes(Integer.toString(next))) ? 1 : 0;
        }
        return tries;
    }

    @Test
    void aFileGrowsByPiecesAndGetsItsName() throws Exception {
        byte[] whole = random(large() + 777);
        int[] ends = {0, 10, 10, 100_000, large(), large() + 700, whole.length};
        driver.append("up/data").close();
        assertThat(driver.appended("up/data")).contains(0L);
        for (int i = 1; i < ends.length; i++) {
            // a writer that has closed is forgotten: the next may be in another process
            try (var other = shares() ? open() : null) {
                var at = other == null ? driver : other;
                assertThat(at.appended("up/data")).contains((long) ends[i - 1]);
                try (var out = at.append("up/data")) {
                    assertThat(out.size()).isEqualTo(ends[i - 1]);
                    out.write(whole, ends[i - 1], ends[i] - ends[i - 1]);
                    assertThat(out.size()).isEqualTo(ends[i]);
                }
            }
        }
        driver.seal("up/data");
        assertThat(driver.appended("up/data")).contains((long) whole.length);
        assertThat(content("up/data")).isEqualTo(whole);
        driver.write("there/before", bytes("goes"));
        driver.move("up/data", "there/before");
        driver.deleteTree("up");
        assertThat(driver.stat("up/data")).isEmpty();
        assertThat(driver.appended("up/data")).isEmpty();
        assertThat(content("there/before")).isEqualTo(whole);
        assertThat(content("there/before", 5, 10)).isEqualTo(Arrays.copyOfRange(whole, 5, 15));
        assertThat(content("there/before", whole.length - 3, 3))
                .isEqualTo(Arrays.copyOfRange(whole, whole.length - 3, whole.length));
        assertThat(content("there/before", 0, 0)).isEmpty();
    }

    @Test
    void anEmptyFileMayBeSealedAndOneThatGrowsDeleted() throws IOException {
        driver.append("up/data").close();
        driver.seal("up/data");
        driver.move("up/data", "blob/data");
        assertThat(driver.read("blob/data").orElseThrow()).isEmpty();
        try (var out = driver.append("other/data")) {
            out.write(random(1000), 0, 1000);
        }
        driver.deleteTree("other");
        assertThat(driver.appended("other/data")).isEmpty();
        assertThat(driver.list("other")).isEmpty();
    }

    @Test
    void whatIsWrittenUnderItsNameAppearsWhenItIsCommitted() throws IOException {
        for (int size : new int[] {0, 10, large() + 5}) {
            byte[] whole = random(size);
            var created = driver.create("new/data");
            if (created.isEmpty()) {
                return; // a directory has sessions for this
            }
            try (var dropped = created.get()) {
                dropped.write(whole, 0, whole.length);
            }
            assertThat(driver.exists("new/data")).isFalse();
            try (var kept = driver.create("new/data").orElseThrow()) {
                kept.write(whole, 0, size / 2);
                kept.write(whole, size / 2, size - size / 2);
                assertThat(kept.size()).isEqualTo(size);
                assertThat(driver.exists("new/data")).isFalse();
                kept.commit();
            }
            assertThat(content("new/data")).isEqualTo(whole);
            assertThat(driver.delete("new/data")).isTrue();
        }
    }

    @Test
    void filesAndTreesAreDeleted() throws IOException {
        for (var path : List.of("a/b/1", "a/b/2", "a/bc/3", "a/b-c/4")) {
            driver.write(path, bytes(path));
        }
        assertThat(driver.delete("a/b/1")).isTrue();
        assertThat(driver.delete("a/b/1")).isFalse();
        driver.deleteTree("a/b");
        driver.deleteTree("nothing/here");
        assertThat(driver.exists("a/b")).isFalse();
        assertThat(driver.list("a")).containsExactly("b-c", "bc");
        driver.delete("a/bc/3");
        driver.deleteTree("a/bc");
        driver.deleteTree("a/b-c");
        driver.prune("a", "");
        assertThat(driver.exists("a")).isFalse();
    }

    @Test
    void namesComeInPagesOfAnySize() throws IOException {
        var names = new TreeSet<String>();
        for (var name :
                List.of("1", "1-a", "1-a-b", "1.0", "1.0-rc", "1.0.1", "10", "A", "_", "a", "a-", "a.b", "a0")) {
            driver.write("tags/" + name + "/current/link", bytes(name));
            driver.write("tags/" + name + "/index/link", bytes(name));
            names.add(name);
        }
        driver.write("tags-of-another/x", bytes("x"));
        assertThat(driver.list("none")).isEmpty();
        assertThat(driver.list("tags")).containsExactlyElementsOf(names);
        for (int size = 1; size <= names.size() + 1; size++) {
            var all = new ArrayList<String>();
            var page = driver.list("tags", "", size);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(size);
                all.addAll(page);
                page = driver.list("tags", all.getLast(), size);
            }
            assertThat(all).as("pages of %d", size).containsExactlyElementsOf(names);
        }
        assertThat(driver.list("tags", "1.0", 2)).containsExactly("1.0-rc", "1.0.1");
        assertThat(driver.list("tags", "1.", 1)).containsExactly("1.0");
        assertThat(driver.list("tags", "", 0)).isEmpty();
        assertThat(driver.list("tags", "zz", 5)).isEmpty();
    }

    @Test
    void whoUsesAFileSaysSo() throws IOException {
        assertThat(driver.touch("blob/data")).isFalse();
        assertThat(driver.lastUsed("blob/data")).isEmpty();
        var before = Instant.now().minusSeconds(60);
        driver.write("blob/data", bytes("x"));
        assertThat(driver.touch("blob/data")).isTrue();
        assertThat(driver.lastUsed("blob/data").orElseThrow()).isAfter(before);
        assertThat(driver.lastUsed("blob")).isPresent();
        assertThat(driver.failure()).isEmpty();
    }
}
