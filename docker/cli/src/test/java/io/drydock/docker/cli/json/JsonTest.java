package io.drydock.docker.cli.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void whatIsReadIsWritten() {
        String text = "{\"b\":[1,-2,9007199254740993,1.5,true,null,\"x\\\"\\n\\u0001é\"],\"a\":{}}";

        assertThat(Json.write(Json.parse(text))).isEqualTo(text);
        assertThat(Json.text(Json.parse("\"\\u00e9\\ud83d\\ude00\""))).isEqualTo("é😀");
    }

    @Test
    void indentKeepsOrderAndEmptyValues() {
        assertThat(Json.indent("[{\"b\":{},\"a\":[],\"c\":[1,\"x: {\"]}]", "", "  "))
                .isEqualTo("""
                [
                  {
                    "b": {},
                    "a": [],
                    "c": [
                      1,
                      "x: {"
                    ]
                  }
                ]""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\"}", "[1,", "tru", "\"x", "1 2", "{\"a\":1,}", "\"\\x\"", "-"})
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
