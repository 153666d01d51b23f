package io.drydock.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * An event as one line, as logrus writes it: {@code time="…" level=info msg="…"}, values in quotes where they need them, or a
 * JSON object. No text can end the line or its quotes.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX").withZone(ZoneId.systemDefault());

    private final boolean json;

    LogLine(boolean json) {
        this.json = json;
        start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String time = TIME.format(event.getInstant());
        String level = level(event.getLevel());
        String message = event.getFormattedMessage();
        var failure = event.getThrowableProxy();
        String error = failure == null ? null : ThrowableProxyUtil.asString(failure);
        var line = new StringBuilder(128);
        if (json) {
            if (error != null) {
                quoted(line.append("{\"error\":"), error).append(",\"level\":\"");
            } else {
                line.append("{\"level\":\"");
            }
            quoted(line.append(level).append("\",\"msg\":"), message);
            return line.append(",\"time\":\"").append(time).append("\"}\n").toString();
        }
        line.append("time=\"").append(time).append("\" level=").append(level).append(" msg=");
        value(line, message);
        if (error != null) {
            value(line.append(" error="), error);
        }
        return line.append('\n').toString();
    }

    private static String level(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "error";
            case Level.WARN_INT -> "warning";
            case Level.INFO_INT -> "info";
            case Level.TRACE_INT -> "trace";
            default -> "debug";
        };
    }

    private static void value(StringBuilder line, String text) {
        boolean plain = !text.isEmpty();
        for (int i = 0; plain && i < text.length(); i++) {
            char c = text.charAt(i);
            plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._/@^+".indexOf(c) >= 0;
        }
        if (plain) {
            line.append(text);
        } else {
            quoted(line, text);
        }
    }

    private static StringBuilder quoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.append('"');
    }
}
