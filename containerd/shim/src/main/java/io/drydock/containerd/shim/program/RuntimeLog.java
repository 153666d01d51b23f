package io.drydock.containerd.shim.program;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log of a runtime called with {@code --log-format json}: an object with level and message on each line. */
final class RuntimeLog {
    private static final Pattern MESSAGE = Pattern.compile("\"msg\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern LEVEL = Pattern.compile("\"level\"\\s*:\\s*\"(?:error|fatal)\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

    private RuntimeLog() {}

    /** The message of the last line of level error. */
    static Optional<String> lastError(String log) {
        return log.lines()
                .filter(line -> LEVEL.matcher(line).find())
                .map(MESSAGE::matcher)
                .filter(Matcher::find)
                .map(message -> unescaped(message.group(1)))
                .reduce((earlier, later) -> later);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(
                        switch (escape.group(1).charAt(0)) {
                            case 'n' -> "\n";
                            case 't' -> "\t";
                            case 'r' -> "\r";
                            case 'u' ->
                                String.valueOf(
                                        (char) Integer.parseInt(escape.group(1).substring(1), 16));
                            default -> escape.group(1);
                        }));
    }
}
