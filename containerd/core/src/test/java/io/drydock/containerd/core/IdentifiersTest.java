package io.drydock.containerd.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "moby", "k8s.io", "a-b_c.d", "0123456789abcdef"})
    void goodOnesAreAnswered(String name) {
        assertThat(Identifiers.check(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "-a", "a-", "a--b", "a/b", "a b", "ä", "a..b", "../x"})
    void badOnesAreRefused(String name) {
        assertThatThrownBy(() -> Identifiers.check(name)).isInstanceOf(ContainerdError.class);
    }

    @Test
    void seventySixCharactersAreTheLimit() {
        assertThat(Identifiers.check("a".repeat(76))).hasSize(76);
        assertThatThrownBy(() -> Identifiers.check("a".repeat(77)))
                .hasMessageContaining("maximum length (76 characters)");
    }
}
