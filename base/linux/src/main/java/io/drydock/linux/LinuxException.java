package io.drydock.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A system call failed. The message reads {@code mount "/proc": permission denied}; without a path {@code pipe2: …}. */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String operation;
    private final @Nullable String path;
    private final int errno;

    public LinuxException(String operation, @Nullable String path, int errno) {
        super(
                path == null
                        ? operation + ": " + Errno.describe(errno)
                        : operation + " \"" + path + "\": " + Errno.describe(errno));
        this.operation = operation;
        this.path = path;
        this.errno = errno;
    }

    /** The system call's name. */
    public String operation() {
        return operation;
    }

    /** The path the call was about, or null if it had none. */
    public @Nullable String path() {
        return path;
    }

    /** The error number, see {@link Errno}. */
    public int errno() {
        return errno;
    }

    /** The symbolic name of {@link #errno()}, for example {@code ENOENT}. */
    public String errnoName() {
        return Errno.name(errno);
    }
}
