package io.drydock.registry.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** An event as one line: as words in quotes, or as JSON. Texts of clients cannot end the line or the quotes. */
final class LogLine extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

    private final boolean json;

    LogLine(boolean json) {
        this.json = json;
        start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var time = Json.text(TIME.format(event.getInstant()));
        var level = event.getLevel().toString().toLowerCase(Locale.ROOT);
        var message = Json.text(event.getFormattedMessage());
        return json
                ? "{\"level\":\"" + level + "\",\"msg\":" + message + ",\"time\":" + time + "}\n"
                : "time=" + time + " level=" + level + " msg=" + message + "\n";
    }
}
