package io.drydock.containerd.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TomlTest {
    @Test
    void tablesKeysAndValues() {
        var document = Toml.parse("""
                # a comment
                version = 2
                root = "/var/lib/x" # another
                'literal key' = 'C:\\x'
                disabled_plugins = [
                  "a", # why
                  "b",
                ]

                [grpc]
                  address = "/run/\\u0041\\n"
                  max = 16_777_216
                  octal = 0o17
                  on = true

                [plugins."io.x.y".deep]
                inline = { a = 1, "b" = [true, false] }
                """);

        assertThat(document)
                .containsEntry("version", 2L)
                .containsEntry("root", "/var/lib/x")
                .containsEntry("literal key", "C:\\x")
                .containsEntry("disabled_plugins", List.of("a", "b"))
                .containsEntry("grpc", Map.of("address", "/run/A\n", "max", 16777216L, "octal", 15L, "on", true))
                .containsEntry(
                        "plugins",
                        Map.of("io.x.y", Map.of("deep", Map.of("inline", Map.of("a", 1L, "b", List.of(true, false))))));
    }

    @Test
    void arraysOfTables() {
        assertThat(Toml.parse("[[a]]\nx = 1\n[[a]]\nx = 2\n"))
                .isEqualTo(Map.of("a", List.of(Map.of("x", 1L), Map.of("x", 2L))));
    }

    @Test
    void anErrorTellsItsLine() {
        assertThatThrownBy(() -> Toml.parse("a = 1\nb = \n")).hasMessageContaining("line 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a =",
                "[a",
                "a = \"x",
                "a = 1 2",
                "a = 1\na = 2",
                "a = [1",
                "a = {b = 1",
                "= 1",
                "a = 1\n[a]",
                "a = \"\\q\""
            })
    void malformedOnesAreRefused(String text) {
        assertThatThrownBy(() -> Toml.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
