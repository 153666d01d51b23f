package io.drydock.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/** Logback finds this class by its service file, which spares a start the reading of an XML document. */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String LEVEL = "drydock.log.level";
    private static final String JSON = "drydock.log.json";

    /**
     * Chooses what is logged. Takes effect if no logger has been made yet.
     *
     * @param level trace, debug, info, warn, error, fatal or panic; the last two are as error, anything else is as info
     * @param json an object a line instead of words
     */
    public static void choose(String level, boolean json) {
        System.setProperty(LEVEL, level);
        System.setProperty(JSON, Boolean.toString(json));
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(new LogLine(Boolean.getBoolean(JSON)));
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
}
