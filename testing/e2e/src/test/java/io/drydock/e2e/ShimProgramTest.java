package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shim's program where it needs no JVM, which the test forbids it. */
@RequiresRoot
class ShimProgramTest {
    @TempDir
    Path dir;

    private record Answer(int exitCode, byte[] bytes) {}

    private Answer delete(String id) throws IOException, InterruptedException {
        return delete(id, System.getenv("PATH"), "delete");
    }

    private Answer delete(String id, String path, String... last) throws IOException, InterruptedException {
        Path out = dir.resolve("out");
        List<String> command = new ArrayList<>(List.of(
                Programs.ours("containerd-shim-runc-v2").toString(),
                "-namespace",
                "ns",
                "-address",
                dir.resolve("c.sock").toString(),
                "-publish-binary",
                "/nowhere/containerd",
                "-id",
                id,
                "-bundle",
                dir.toString()));
        command.addAll(List.of(last));
        var builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PATH", path);
        builder.environment().put("DRYDOCK_JAVA_OPTS", "-XX:NoJvmStartsWithThis");
        return new Answer(builder.start().waitFor(), Files.readAllBytes(out));
    }

    private Path record(String name) throws IOException, NoSuchAlgorithmException {
        byte[] address = dir.resolve("c.sock").toString().getBytes();
        String socket =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(address));
        return Files.createDirectories(Path.of("/run/containerd/s", socket + ".tasks", "ns", name));
    }

    @Test
    void deleteOfWhatIsDeletedTakesNoJvm() throws Exception {
        Path deleted = record("c1@1");
        Path living = record("c2@1");
        try {
            Files.writeString(deleted.resolve("journal"), "started\ndeleted 7 0 1 2\n");
            Files.writeString(living.resolve("journal"), "started\n");
            for (String id : new String[] {"c0", "c1"}) {
                long before = Instant.now().getEpochSecond();
                Answer answer = delete(id);
                assertThat(answer.exitCode()).as(id).isZero();
                // exit_status 137; exited_at {seconds}
                assertThat(Arrays.copyOf(answer.bytes, 6)).isEqualTo(new byte[] {0x10, (byte) 0x89, 1, 0x1a, 6, 8});
                assertThat(varint(answer.bytes, 6))
                        .isBetween(before, Instant.now().getEpochSecond());
            }
            assertThat(delete("c2").exitCode()).as("a task that lives").isNotZero();
        } finally {
            Engine.deleteTree(deleted.resolve("../..").normalize());
        }
    }

    @Test
    void whatItCannotTellIsLeftToTheJvm() throws Exception {
        String path = System.getenv("PATH");
        assertThat(delete("c0", path, "delete").exitCode()).isZero();
        assertThat(delete("c0", dir.toString(), "delete").exitCode()).as("without sha256sum").isNotZero();
        assertThat(delete("", path, "delete").exitCode()).as("without an id").isNotZero();
        assertThat(delete("c0", path, "-debug", "-id=c1", "delete").exitCode()).as("another spelling").isNotZero();
        assertThat(delete("c0", path, "-id", "delete").exitCode()).as("an id, not a verb").isNotZero();
    }

    private static long varint(byte[] bytes, int from) {
        long value = 0;
        for (int i = from; i < bytes.length; i++) {
            value |= (long) (bytes[i] & 0x7f) << 7 * (i - from);
        }
        return value;
    }
}
