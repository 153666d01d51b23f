package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.TerminalCalls.WindowSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a process's standard streams go. Which of the two applies is decided by the process's {@code terminal}: a mismatch is
 * refused.
 */
public sealed interface Stdio {
    /**
     * Descriptors the process gets as 0, 1 and 2; null means {@code /dev/null}. Hand it a FIFO's write end directly. The
     * descriptors stay the caller's and may be closed as soon as create or exec has returned.
     *
     * @param held descriptors the keeper keeps open as long as the process is known: read ends of the FIFOs, so that the process
     *     never sees SIGPIPE while no daemon reads. Only as many as are needed; never write ends.
     */
    record Descriptors(
            @Nullable Fd stdin,
            @Nullable Fd stdout,
            @Nullable Fd stderr,
            List<Fd> held) implements Stdio {
        public Descriptors {
            held = List.copyOf(held);
        }
    }

    /**
     * A pseudo-terminal of the container's own devpts. The keeper keeps its master; {@link ContainerProcess#terminal()} lends
     * it.
     *
     * @param size initial size, or null for what the spec says
     */
    record Terminal(@Nullable WindowSize size) implements Stdio {}
}
