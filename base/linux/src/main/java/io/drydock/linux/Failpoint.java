package io.drydock.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A place where a test stops this process, to kill it or another just then. Without the environment variable
 * {@code DRYDOCK_FAILPOINTS} nothing happens at any of them, and looking costs a comparison. It names a directory: whoever
 * comes to a point that has a file's name there removes the file and stops, as SIGSTOP does, until SIGCONT. The names are told
 * in docs/failpoints.md.
 */
public final class Failpoint {
    private static final int SIGSTOP = 19;
    private static final @Nullable Path DIRECTORY = directory();

    private Failpoint() {}

    private static @Nullable Path directory() {
        String name = System.getenv("DRYDOCK_FAILPOINTS");
        return name == null || name.isEmpty() ? null : Path.of(name);
    }

    /** The calling thread has come to a point. */
    public static void at(String name) {
        if (DIRECTORY != null) {
            stop(DIRECTORY.resolve(name));
        }
    }

    private static void stop(Path file) {
        try {
            Files.delete(file);
            Linux linux = Linux.system();
            // by its own id it is this thread that takes the signal, and so goes no further; the others follow
            linux.processes().kill(linux.processes().gettid(), SIGSTOP);
        } catch (NoSuchFileException e) {
            // nobody waits for this point
        } catch (IOException e) {
            throw new IllegalStateException("stop at " + file.getFileName() + ": " + e.getMessage(), e);
        }
    }
}
