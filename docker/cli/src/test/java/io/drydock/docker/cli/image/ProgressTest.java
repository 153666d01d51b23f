package io.drydock.docker.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.docker.cli.session.CliException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The messages of a pull, a push and a load as Docker's client 28.2.2 drew them: on terminals of two widths, and on none (0).
 * {@code messages.txt} holds every kind of them.
 */
class ProgressTest {
    @ParameterizedTest
    @ValueSource(ints = {120, 80, 0})
    void drawsWhatTheOriginalDraws(int width) throws IOException, CliException {
        var written = new ByteArrayOutputStream();
        var out = new PrintStream(written, false, StandardCharsets.UTF_8);
        new Progress(out, width > 0, () -> width == 0 ? 200 : width)
                .show(new ByteArrayInputStream(read("messages.txt")));
        out.flush();

        assertThat(written.toString(StandardCharsets.UTF_8))
                .isEqualTo(new String(read(width + ".txt"), StandardCharsets.UTF_8));
    }

    private static byte[] read(String name) throws IOException {
        try (var in = ProgressTest.class.getResourceAsStream("/progress/" + name)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
