package io.drydock.registry.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/** Logs to standard error. Logback finds this class by its service file, which spares the start-up reading XML. */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** The system property that names the level: debug, info, warn or error. */
    static final String LEVEL = "registry.log.level";

    /** The system property that chooses JSON lines. */
    static final String JSON = "registry.log.json";

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
        root.setLevel(Level.ERROR);
        root.addAppender(appender);
        context.getLogger("io.drydock").setLevel(Level.toLevel(System.getProperty(LEVEL, "info"), Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
