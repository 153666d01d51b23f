package io.drydock.containerd.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final Map<String, String> OLD = Map.of("a", "1", "b", "2");

    @Test
    void aMaskChangesWhatItNames() {
        assertThat(Labels.update(OLD, Map.of("a", "9", "c", "3"), List.of("labels.a"), "x"))
                .isEqualTo(Map.of("a", "9", "b", "2"));
    }

    @Test
    void anEmptyValueRemovesTheLabel() {
        assertThat(Labels.update(OLD, Map.of("a", ""), List.of("labels.a"), "x"))
                .isEqualTo(Map.of("b", "2"));
    }

    @Test
    void allOrNoPathsReplaceAll() {
        assertThat(Labels.update(OLD, Map.of("c", "3"), List.of("labels"), "x")).isEqualTo(Map.of("c", "3"));
        assertThat(Labels.update(OLD, Map.of("c", "3"), List.of(), "x")).isEqualTo(Map.of("c", "3"));
    }

    @Test
    void longOnesAreRefused() {
        assertThatThrownBy(() -> Labels.check(Map.of("k", "v".repeat(4096))))
                .hasMessageContaining("greater than maximum size");
    }

    @Test
    void theyAreStoredAndRead() {
        assertThat(Labels.decode(Labels.encode(Map.of("k", "ü", "l", "")))).isEqualTo(Map.of("k", "ü", "l", ""));
    }
}
