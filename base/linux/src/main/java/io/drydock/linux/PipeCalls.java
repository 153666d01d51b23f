package io.drydock.linux;

/** Pipes, and what can be set on any descriptor. */
public interface PipeCalls {
    /** Both ends of a pipe. */
    record Pipe(Fd read, Fd write) implements AutoCloseable {
        @Override
        public void close() {
            read.close();
            write.close();
        }
    }

    /** {@code flags}: 0 or {@link O#NONBLOCK}. */
    Pipe pipe(int flags) throws LinuxException;

    /** Another descriptor of the same open file. */
    Fd duplicate(Fd fd) throws LinuxException;

    void setNonBlocking(Fd fd, boolean nonBlocking) throws LinuxException;

    /** The {@code O_*} status flags. */
    int statusFlags(Fd fd) throws LinuxException;

    /** Bytes the pipe holds after the change; an ordinary user may not exceed {@code pipe-max-size}. */
    int setPipeSize(Fd pipe, int bytes) throws LinuxException;

    /** Whether a child may inherit the descriptor. */
    void setCloseOnExec(Fd fd, boolean closeOnExec) throws LinuxException;

    /** Moves up to {@code length} bytes, one side a pipe; 0 at the end. {@code flags}: {@link #NONBLOCK}, {@link #MORE}. */
    long splice(Fd from, Fd to, long length, int flags) throws LinuxException;

    /** Duplicates up to {@code length} bytes from pipe to pipe without consuming them. */
    long tee(Fd from, Fd to, long length, int flags) throws LinuxException;

    int MOVE = 1;
    int NONBLOCK = 2;
    int MORE = 4;
}
