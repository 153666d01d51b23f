package io.drydock.linux;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor and its owner: closing twice is harmless, using it after that fails. Safe for any thread. */
public final class Fd implements AutoCloseable {
    /** Stands for the current directory in calls of the {@code *at} family. */
    public static final Fd CWD = new Fd(-100, false);

    private final int number;
    private final boolean owned;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(int number, boolean owned) {
        this.number = number;
        this.owned = owned;
    }

    /** Takes ownership of an open descriptor. */
    public static Fd owning(int number) {
        return new Fd(number, true);
    }

    /** Names a descriptor that someone else closes, such as 0, 1 and 2. */
    public static Fd borrowed(int number) {
        return new Fd(number, false);
    }

    /**
     * The descriptor's number, valid until {@link #close()}.
     *
     * @throws IllegalStateException after close
     */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("descriptor " + number + " is closed");
        }
        return number;
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed.get();
    }

    /** The number, which from now on the caller closes; this object is closed without closing the descriptor. */
    public int release() {
        int n = number();
        closed.set(true);
        return n;
    }

    /** {@code /proc/self/fd/N}: a path to what the descriptor refers to. */
    public String procPath() {
        return "/proc/self/fd/" + number();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && owned) {
            Sys.close(number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
