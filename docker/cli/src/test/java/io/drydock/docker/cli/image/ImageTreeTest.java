package io.drydock.docker.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same answer of an engine, drawn as Docker's client 28.2.2 drew it: on terminals of some widths, and on none (0). */
class ImageTreeTest {
    @ParameterizedTest
    @ValueSource(ints = {100, 60, 20, 0})
    void drawsWhatTheOriginalDraws(int width) throws IOException {
        var images = new ArrayList<>(Json.list(Json.parse(read("images.json"))));
        images.sort((a, b) -> Long.compare(Json.number(b, "Created"), Json.number(a, "Created")));

        assertThat(new ImageTree(width > 0, width).render(images, width > 0)).isEqualTo(read(width + ".txt"));
    }

    private static String read(String name) throws IOException {
        try (var in = ImageTreeTest.class.getResourceAsStream("/images-tree/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
