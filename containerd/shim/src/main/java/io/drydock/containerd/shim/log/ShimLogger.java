package io.drydock.containerd.shim.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Writes {@code time="…" level=warning msg="…" error="…"}, the form containerd's own log has. A reader that went away
 * costs the line, never the shim.
 */
public final class ShimLogger extends LegacyAbstractLogger {
    /** The system property that turns debug lines on. */
    public static final String DEBUG_PROPERTY = "drydock.shim.debug";

    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    private final transient boolean debug;

    ShimLogger(String name, boolean debug) {
        this.name = name;
        this.debug = debug;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return debug;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        StringBuilder line = new StringBuilder(160)
                .append("time=\"")
                .append(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .append("\" level=")
                .append(level == Level.WARN ? "warning" : level.name().toLowerCase(Locale.ROOT))
                .append(" msg=\"");
        quote(line, MessageFormatter.basicArrayFormat(pattern, arguments));
        line.append('"');
        if (failure != null) {
            line.append(" error=\"");
            quote(line, describe(failure));
            line.append('"');
        }
        try {
            ERR.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Nobody reads the log any more, and there is no other place to say so.
        }
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        StackTraceElement[] frames = failure.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 12); i++) {
            text.append(" at ").append(frames[i]);
        }
        return failure.getCause() == null
                ? text.toString()
                : text.append(" caused by ")
                        .append(describe(failure.getCause()))
                        .toString();
    }

    private static void quote(StringBuilder out, @Nullable String text) {
        if (text == null) {
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }
}
