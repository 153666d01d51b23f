package io.drydock.containerd.shim.program;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.linux.TerminalCalls.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a runtime sends the master of the terminal it has made. */
final class ConsoleSocket implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST_NAME = 4096;

    private final Linux linux;
    private final Path directory;
    private final Fd socket;

    private ConsoleSocket(Linux linux, Path directory, Fd socket) {
        this.linux = linux;
        this.directory = directory;
        this.socket = socket;
    }

    /** Not in the bundle, whose path may be too long for a socket. */
    static ConsoleSocket listen(Linux linux) throws IOException {
        Path directory = Files.createTempDirectory("shim-pty");
        Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.STREAM, 0);
        ConsoleSocket console = new ConsoleSocket(linux, directory, socket);
        try {
            linux.sockets().bindUnix(socket, console.path().toString());
            linux.sockets().listen(socket, 1);
            return console;
        } catch (LinuxException e) {
            console.close();
            throw e;
        }
    }

    Path path() {
        return directory.resolve("s");
    }

    /** The runtime has ended well: it has sent the master, which the caller owns. */
    Fd master(Poller poller, @Nullable WindowSize size) throws IOException, InterruptedException {
        if (poller.await(socket, EventCalls.IN, LIMIT) == 0) {
            throw new IOException("the runtime sent no terminal");
        }
        try (Fd connection = linux.sockets().accept(socket, 0)) {
            poller.await(connection, EventCalls.IN, LIMIT);
            SocketCalls.Received received =
                    linux.sockets().receive(connection, ByteBuffer.allocateDirect(LONGEST_NAME), 1);
            List<Fd> descriptors = received.descriptors();
            if (descriptors.isEmpty()) {
                throw new IOException("the runtime sent no terminal");
            }
            Fd master = descriptors.getFirst();
            if (size != null) {
                linux.terminals().setWindowSize(master, size);
            }
            return master;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Files.deleteIfExists(path());
        Files.deleteIfExists(directory);
    }
}
