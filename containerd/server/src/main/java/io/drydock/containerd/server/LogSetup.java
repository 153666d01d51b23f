package io.drydock.containerd.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.Instant;

/**
 * Logs to standard error in the original's form. Logback finds this class by its service file, which spares the start-up
 * the reading of an XML document.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** The system property that names the level: trace, debug, info, warn, error, fatal or panic. */
    static final String LEVEL = "containerd.log.level";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var layout = new Line();
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        // netty warns of an option that unix sockets do not have, at every connection
        context.getLogger("io.netty").setLevel(Level.ERROR);
        context.getLogger("io.drydock").setLevel(level(System.getProperty(LEVEL, "info")));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Level level(String name) {
        return switch (name) {
            case "fatal", "panic" -> Level.ERROR;
            default -> Level.toLevel(name, Level.INFO);
        };
    }

    /** {@code time="…" level=info msg="…"}. */
    private static final class Line extends LayoutBase<ILoggingEvent> {
        @Override
        public String doLayout(ILoggingEvent event) {
            var line = new StringBuilder(128);
            line.append("time=\"")
                    .append(Instant.ofEpochMilli(event.getTimeStamp()))
                    .append("\" level=");
            line.append(
                    switch (event.getLevel().toInt()) {
                        case Level.ERROR_INT -> "error";
                        case Level.WARN_INT -> "warning";
                        case Level.INFO_INT -> "info";
                        case Level.TRACE_INT -> "trace";
                        default -> "debug";
                    });
            line.append(" msg=\"");
            append(line, event.getFormattedMessage());
            line.append('"');
            IThrowableProxy failure = event.getThrowableProxy();
            if (failure != null) {
                line.append(" error=\"");
                append(line, ThrowableProxyUtil.asString(failure));
                line.append('"');
            }
            return line.append('\n').toString();
        }

        private static void append(StringBuilder line, String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '"' -> line.append("\\\"");
                    case '\\' -> line.append("\\\\");
                    case '\n' -> line.append("\\n");
                    default -> line.append(c);
                }
            }
        }
    }
}
