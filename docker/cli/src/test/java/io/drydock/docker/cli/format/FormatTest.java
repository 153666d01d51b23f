package io.drydock.docker.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "999, 999B",
        "1000, 1kB",
        "1982464, 1.98MB",
        "12345678, 12.3MB",
        "1500000000, 1.5GB",
        "999999, 1e+03kB"
    })
    void sizesHaveThreeDigits(double bytes, String text) {
        assertThat(Units.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"25276514304, 23.54GiB", "67108864, 64MiB", "512, 512B"})
    void memoryIsBinary(double bytes, String text) {
        assertThat(Units.memory(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, Less than a second", "1, 1 second", "59, 59 seconds", "60, About a minute", "150, 2 minutes",
        "3599, 59 minutes", "3600, About an hour", "7200, 2 hours", "172800, 2 days", "1209600, 2 weeks",
        "5184000, 2 months", "63072000, 2 years"
    })
    void durationsAreRounded(long seconds, String text) {
        assertThat(Units.duration(seconds * 1_000_000_000L)).isEqualTo(text);
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table = Table.ofList();
        table.add("ID\tNAME\tLAST");
        table.add("1\ta long name\tx\n22\tb\ty\n");

        assertThat(table.render()).isEqualTo("""
                ID        NAME          LAST
                1         a long name   x
                22        b             y
                """);
    }

    @Test
    void momentsHaveNineDigits() {
        assertThat(Times.parse("2026-01-02T03:04:05.5Z")).isEqualTo(Instant.parse("2026-01-02T03:04:05.500Z"));
        assertThat(Times.parse("2026-01-02T05:04:05+02:00")).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(Times.rfc3339Nine(Instant.parse("2026-01-02T03:04:05.5Z"))).contains(":05.500000000");
    }

    @Test
    void momentsAreReadWithAnyOffsetAndFraction() {
        assertThat(Times.parse("2026-05-07T21:09:36.5Z")).isEqualTo(java.time.Instant.parse("2026-05-07T21:09:36.5Z"));
        assertThat(Times.parse("2026-05-07T23:09:36+02:00")).isEqualTo(java.time.Instant.parse("2026-05-07T21:09:36Z"));
        assertThat(Times.ansic("2026-05-07T21:09:36.000000000+00:00")).isEqualTo("Thu May  7 21:09:36 2026");
        assertThatThrownBy(() -> Times.parse("yesterday")).isInstanceOf(java.time.DateTimeException.class);
    }
}
