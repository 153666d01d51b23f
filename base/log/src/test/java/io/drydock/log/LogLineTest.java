package io.drydock.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLineTest {
    private static final Instant TIME = Instant.parse("2024-05-06T07:08:09.00000012Z");

    private final LoggerContext context = new LoggerContext();

    private String line(boolean json, Level level, String message, Throwable failure) {
        var event = new LoggingEvent("", context.getLogger("io.drydock"), level, message, failure, null);
        event.setInstant(TIME);
        return new LogLine(json).doLayout(event);
    }

    private static String time() {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX")
                .withZone(ZoneId.systemDefault())
                .format(TIME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INFO  | two words | info    | \"two words\"",
                "WARN  | word      | warning | word",
                "ERROR | say \"no\\ | error   | \"say \\\"no\\\\\"",
                "DEBUG | ``        | debug   | \"\""
            })
    void writesWordsAsLogrusDoes(String level, String message, String word, String value) {
        assertThat(line(false, Level.valueOf(level), message, null))
                .isEqualTo("time=\"" + time() + "\" level=" + word + " msg=" + value + "\n");
    }

    @Test
    void writesObjects() {
        assertThat(line(true, Level.INFO, "a\tb\u0001", null))
                .isEqualTo("{\"level\":\"info\",\"msg\":\"a\\tb\\u0001\",\"time\":\"" + time() + "\"}\n");
    }

    @Test
    void keepsAFailureOnTheLine() {
        String line = line(false, Level.ERROR, "broken", new IllegalStateException("why\nthen"));
        assertThat(line)
                .contains("error=\"java.lang.IllegalStateException: why\\nthen\\n")
                .hasLineCount(1);
    }
}
