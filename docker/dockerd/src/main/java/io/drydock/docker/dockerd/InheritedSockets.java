package io.drydock.docker.dockerd;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that the service manager has opened and handed over, by the protocol of {@code sd_listen_fds(3)}:
 * descriptors from 3 on.
 *
 * @param count how many
 */
record InheritedSockets(int count) {
    private static final int FIRST = 3;
    private static final int SO_DOMAIN = 39;

    static InheritedSockets ofEnvironment() {
        return of(
                System.getenv("LISTEN_PID"),
                System.getenv("LISTEN_FDS"),
                ProcessHandle.current().pid());
    }

    /** Those that are meant for a process. */
    static InheritedSockets of(@Nullable String pid, @Nullable String count, long self) {
        boolean mine = pid != null && pid.equals(Long.toString(self));
        boolean number = count != null && count.matches("\\d{1,4}");
        return new InheritedSockets(mine && number ? Integer.parseInt(count) : 0);
    }

    /** The descriptors to listen on: one, or with an empty text all. */
    List<Integer> chosen(String descriptor) throws BadUsage {
        if (count == 0) {
            throw new BadUsage("no sockets found via socket activation: make sure the service was started by systemd");
        }
        if (descriptor.isEmpty()) {
            return IntStream.range(FIRST, FIRST + count).boxed().toList();
        }
        int number = Integer.parseInt(descriptor);
        if (number < FIRST || number >= FIRST + count) {
            throw new BadUsage("too few socket activated files passed in by systemd");
        }
        return List.of(number);
    }

    /**
     * Makes a socket ready to be listened on by an event loop.
     *
     * @return whether it is a unix socket; else it is one of TCP
     */
    static boolean prepare(Linux linux, int descriptor) throws IOException {
        Fd socket = Fd.borrowed(descriptor);
        linux.pipes().setNonBlocking(socket, true);
        return linux.sockets().getOption(socket, SocketCalls.SOL_SOCKET, SO_DOMAIN) == SocketCalls.AF_UNIX;
    }
}
