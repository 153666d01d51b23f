package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;

/** What a failed start means for the user: the exit code and the class of the error depend on the runtime's words. */
final class StartFailure {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int OTHER = 128;

    private StartFailure() {}

    static int exitCode(String message) {
        String lower = message.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("executable file not found")
                || lower.contains("no such file or directory")
                || lower.contains("system cannot find the file specified")
                || lower.contains("failed to run runc create/exec call")) {
            return NOT_FOUND;
        }
        return lower.contains("permission denied")
                        || lower.contains("not a directory")
                        || lower.contains("is a directory")
                ? NOT_EXECUTABLE
                : OTHER;
    }

    static EngineException exception(String message, Throwable cause) {
        var kind = exitCode(message) == OTHER ? EngineException.Kind.SYSTEM : EngineException.Kind.INVALID;
        return new EngineException(kind, message, cause);
    }
}
