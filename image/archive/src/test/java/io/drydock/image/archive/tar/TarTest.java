package io.drydock.image.archive.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TarTest {
    @TempDir
    Path directory;

    private static TarReader reader(byte[] bytes) {
        return new TarReader(ByteSource.of(new ByteArrayInputStream(bytes)));
    }

    private static List<TarEntry> entries(byte[] bytes) throws IOException {
        List<TarEntry> found = new ArrayList<>();
        TarReader tar = reader(bytes);
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            found.add(entry);
        }
        return found;
    }

    private static byte[] write(TarEntry... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        for (TarEntry entry : entries) {
            tar.put(entry, new byte[(int) entry.size()]);
        }
        tar.finish();
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        String deep = "directory/".repeat(20) + "file";
        TarEntry odd = new TarEntry(
                "ü\n",
                TarType.CHAR_DEVICE,
                06755,
                3_000_000_000L,
                70_000,
                "ü",
                "g".repeat(40),
                0,
                new TarEntry.TarTime(-2, 500_000_000),
                "",
                new TarEntry.Device(5, 1),
                Map.of("security.capability", new byte[] {0, '\n', (byte) 0xff, '='}),
                List.of());
        TarEntry link = TarEntry.of(deep + "2", TarType.SYMLINK, 0777, 0, new TarEntry.TarTime(1, 0), "x".repeat(200));
        List<TarEntry> read =
                entries(write(TarEntry.directory("a/", 0755, 1), TarEntry.file(deep, 0644, 1000, 1), odd, link));
        assertThat(read).hasSize(4);
        assertThat(read.get(0).type()).isEqualTo(TarType.DIRECTORY);
        assertThat(read.get(1).name()).isEqualTo(deep);
        assertThat(read.get(1).size()).isEqualTo(1000);
        assertThat(read.get(2)).usingRecursiveComparison().isEqualTo(odd);
        assertThat(read.get(3).linkName()).isEqualTo("x".repeat(200));
    }

    @Test
    void gnuTarReadsWhatWeWrite() throws Exception {
        String deep = "directory/".repeat(20) + "file";
        Files.write(
                directory.resolve("x.tar"),
                write(
                        TarEntry.directory("a/", 0755, 1),
                        TarEntry.file(deep, 0640, 10, 86400),
                        TarEntry.of("l", TarType.SYMLINK, 0777, 0, new TarEntry.TarTime(1, 250_000_000), "a")));
        assertThat(run("tar", "-tvf", "x.tar", "--utc", "--full-time", "--numeric-owner")
                        .split("\n"))
                .containsExactly(
                        "drwxr-xr-x 0/0               0 1970-01-01 00:00:01 a/",
                        "-rw-r----- 0/0              10 1970-01-02 00:00:00 " + deep,
                        "lrwxrwxrwx 0/0               0 1970-01-01 00:00:01.25 l -> a");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void readsGnuTarsFormats() throws Exception {
        String name = "n".repeat(150);
        byte[] content = "hello".getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve(name), content);
        Files.createSymbolicLink(directory.resolve("link"), Path.of("t".repeat(150)));
        for (String format : List.of("gnu", "oldgnu", "pax", "posix")) {
            run("tar", "-cf", format + ".tar", "--format=" + format, name, "link");
            TarReader tar = reader(Files.readAllBytes(directory.resolve(format + ".tar")));
            assertThat(tar.next())
                    .as(format)
                    .isNotNull()
                    .extracting(TarEntry::name)
                    .isEqualTo(name);
            assertThat(tar.content().readAllBytes()).isEqualTo(content);
            assertThat(tar.next())
                    .as(format)
                    .isNotNull()
                    .extracting(TarEntry::linkName)
                    .isEqualTo("t".repeat(150));
            assertThat(tar.next()).isNull();
        }
    }

    @Test
    void readsSparseFiles() throws Exception {
        byte[] content = new byte[3_000_000];
        for (int i = 0; i < 30; i++) {
            Arrays.fill(content, i * 100_000, i * 100_000 + 4096, (byte) (i + 1));
        }
        try (var file = new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
            file.setLength(content.length);
            for (int i = 0; i < 30; i++) {
                file.seek(i * 100_000L);
                file.write(content, i * 100_000, 4096);
            }
        }
        List<String[]> variants = List.of(
                new String[] {"--format=gnu"},
                new String[] {"--format=pax", "--sparse-version=0.0"},
                new String[] {"--format=pax", "--sparse-version=0.1"},
                new String[] {"--format=pax", "--sparse-version=1.0"});
        for (String[] variant : variants) {
            List<String> command = new ArrayList<>(List.of("tar", "-cSf", "s.tar", "sparse", "--hole-detection=raw"));
            command.addAll(Arrays.asList(variant));
            run(command.toArray(String[]::new));
            TarReader tar = reader(Files.readAllBytes(directory.resolve("s.tar")));
            TarEntry entry = Objects.requireNonNull(tar.next(), () -> "no entry: " + Arrays.toString(variant));
            assertThat(entry.name()).as(Arrays.toString(variant)).isEqualTo("sparse");
            assertThat(entry.size()).isEqualTo(content.length);
            assertThat(entry.sparse()).isTrue();
            assertThat(tar.content().readAllBytes()).isEqualTo(content);
            assertThat(tar.next()).isNull();
        }
    }

    @Test
    void base256Numbers() throws IOException {
        byte[] tar = write(TarEntry.file("x", 0644, 0, 1));
        byte[] block = Arrays.copyOf(tar, 512);
        block[Header.MTIME] = (byte) 0xff;
        Arrays.fill(block, Header.MTIME + 1, Header.MTIME + 12, (byte) 0xff);
        assertThat(Header.number(block, Header.MTIME, 12)).isEqualTo(-1);
        Arrays.fill(block, Header.SIZE, Header.SIZE + 12, (byte) 0);
        block[Header.SIZE] = (byte) 0x80;
        block[Header.SIZE + 7] = 2;
        assertThat(Header.number(block, Header.SIZE, 12)).isEqualTo(2L << 32);
        block[Header.SIZE + 1] = 1;
        assertThatThrownBy(() -> Header.number(block, Header.SIZE, 12)).isInstanceOf(TarException.class);
    }

    @Test
    void contentOfAnEntryCanBeSkipped() throws IOException {
        byte[] tar = write(TarEntry.file("a", 0644, 700_001, 1), TarEntry.file("b", 0644, 3, 1));
        assertThat(entries(tar)).extracting(TarEntry::name).containsExactly("a", "b");
    }

    @Test
    void brokenArchivesAreErrorsNotCrashes() throws IOException {
        byte[] good = write(
                new TarEntry(
                        "name".repeat(60),
                        TarType.FILE,
                        0644,
                        0,
                        0,
                        "",
                        "",
                        2000,
                        new TarEntry.TarTime(1, 5),
                        "",
                        TarEntry.Device.NONE,
                        Map.of("user.x", new byte[10]),
                        List.of()),
                TarEntry.file("b", 0644, 3, 1));
        Random random = new Random(42);
        for (int round = 0; round < 3000; round++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int flips = random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
                int at = random.nextInt(bad.length);
                bad[at] = (byte) random.nextInt(256);
                fixChecksum(bad, at / 512 * 512);
            }
            try {
                TarReader tar = reader(bad);
                while (tar.next() != null) {
                    assertThat(tar.content().readAllBytes().length).isLessThanOrEqualTo(bad.length);
                }
            } catch (IOException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }

    private static void fixChecksum(byte[] bytes, int block) {
        if (block + 512 > bytes.length) {
            return;
        }
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : bytes[block + i] & 0xff;
        }
        byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, block + 148, 8);
    }
}
