package io.drydock.containerd.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Map<String, String> OBJECT =
            Map.of("name", "box", "labels.color", "red", "labels.a.b", "1", "empty", "");

    private static boolean matches(String... filters) {
        return Filter.parse(List.of(filters)).matches(path -> Optional.ofNullable(OBJECT.get(String.join(".", path))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name==box                        | true",
                "name==\"box\"                    | true",
                "name==bo                         | false",
                "name!=bo                         | true",
                "name~=^b.x$                      | true",
                "name~=o                          | true",
                "labels.color==red                | true",
                "labels.\"a.b\"==1                | true",
                "labels.missing                   | false",
                "labels.missing==x                | false",
                "labels.color                     | true",
                "empty                            | false",
                "name==box,labels.color==red      | true",
                "name==box,labels.color==blue     | false"
            })
    void aTermHoldsOrNot(String filter, boolean expected) {
        assertThat(matches(filter)).isEqualTo(expected);
    }

    @Test
    void oneOfSeveralFiltersIsEnoughAndNoneLetsAllThrough() {
        assertThat(matches("name==x", "name==box")).isTrue();
        assertThat(matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"==x", "name=", "name=x", "name==\"x", "name~=["})
    void aMalformedOneIsRefused(String filter) {
        assertThatThrownBy(() -> matches(filter))
                .isInstanceOfSatisfying(
                        ContainerdError.class,
                        e -> assertThat(e.code()).isEqualTo(ContainerdError.Code.INVALID_ARGUMENT));
    }
}
