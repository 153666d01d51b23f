package io.drydock.docker.api;

import io.drydock.spec.engine.EngineException;
import java.util.List;

/**
 * What clients of API 1.41 and older are told: between 20.10 and 25 the original has changed the words of some errors that
 * scripts of that time look for.
 */
final class OlderWords {
    private static final int NEWER = 42;

    /** A beginning of a message, and what stood there. */
    private record Change(String now, String before) {}

    private static final List<Change> CHANGES = List.of(
            new Change("no command specified", "No command specified"),
            new Change("invalid restart policy: maximum retry count", "maximum retry count"),
            new Change("range of CPUs is", "Range of CPUs is"),
            new Change("invalid capAdd:", "invalid CapAdd:"),
            new Change("invalid capDrop:", "invalid CapDrop:"),
            new Change("unknown or invalid runtime name: ", "Unknown runtime specified "),
            new Change("invalid signal: ", "Invalid signal: "),
            new Change("invalid filter '", "Invalid filter '"),
            new Change("failed to create task for container: ", ""),
            new Change("cannot kill container: ", "Cannot kill container: "),
            new Change("cannot pause container ", "Cannot pause container "));

    private OlderWords() {}

    /** The message of a failure for a client of that version. */
    static String of(EngineException failure, ApiVersion version) {
        String message = String.valueOf(failure.getMessage());
        if (version.since(NEWER)) {
            return message;
        }
        return failure.olderWords().isEmpty() ? of(message) : failure.olderWords();
    }

    /** A message as it was before. */
    static String of(String message) {
        String words = message;
        for (Change change : CHANGES) {
            if (words.startsWith(change.now())) {
                words = change.before() + words.substring(change.now().length());
            }
        }
        int container = words.indexOf("container ");
        boolean first = container == 0 || container > 0 && words.startsWith("Cannot kill");
        if (first && (words.endsWith(" is not running") || words.endsWith(" paused"))) {
            int last = words.lastIndexOf("container ");
            return words.substring(0, last) + "C" + words.substring(last + 1);
        }
        return words;
    }
}
