package io.drydock.runc.cli;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.runc.runtime.ContainerProcess;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes on a container's word that it is ready to whoever listens at our own {@code $NOTIFY_SOCKET}, which is systemd
 * ({@code sd_notify(3)}). The container writes to a socket of its state directory.
 */
final class NotifySocket implements AutoCloseable {
    private static final int MESSAGE = 4096;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration BARRIER = Duration.ofSeconds(30);

    private final Linux linux;
    private final String host;
    private final Consumer<String> warnings;
    private final Fd socket;

    private NotifySocket(Linux linux, String host, Consumer<String> warnings, Fd socket) {
        this.linux = linux;
        this.host = host;
        this.warnings = warnings;
        this.socket = socket;
    }

    /** Where our own caller listens; empty if it does not. */
    static String host() {
        String host = System.getenv("NOTIFY_SOCKET");
        return host == null ? "" : host;
    }

    /** Listens for a container that was created with a directory for that; null if nobody wants to know. */
    static @Nullable NotifySocket open(Linux linux, Path state, Consumer<String> warnings) throws IOException {
        if (host().isEmpty()) {
            return null;
        }
        Path notify = state.resolve("notify");
        Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0);
        // by its descriptor: the whole path may be too long for a socket
        try (Fd directory = linux.files().open(notify.toString(), O.RDONLY | O.DIRECTORY)) {
            linux.sockets().bindUnix(socket, directory.procPath() + "/notify.sock");
            linux.files().fchmodat(directory, "notify.sock", 0777);
            return new NotifySocket(linux, host(), warnings, socket);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /** As {@link #relay}, while the caller does something else; a failure there is a warning. */
    void relayBeside(ContainerProcess process, int mainPid) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                relay(process, mainPid);
            } catch (IOException e) {
                warnings.accept("notify " + host + ": " + e.getMessage());
            }
        });
    }

    /** Waits until the process says that it is ready, and tells so; or until it has ended. {@code mainPid}: whom to watch. */
    void relay(ContainerProcess process, int mainPid) throws IOException {
        Fd client = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0);
        try (client;
                Poller poller = new Poller(linux, "notify")) {
            linux.sockets().connectUnix(client, host);
            while (!process.exit().isDone()) {
                if (poller.await(socket, EventCalls.IN, LOOK) == 0) {
                    continue;
                }
                ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE);
                linux.sockets().receive(socket, buffer, 0);
                String text = StandardCharsets.UTF_8.decode(buffer.flip()).toString();
                if (text.startsWith("READY=")) {
                    send(client, text.lines().findFirst().orElse("") + '\n', List.of());
                    send(client, "MAINPID=" + mainPid + '\n', List.of());
                    barrier(client, poller);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Who has read all that came before closes the descriptor that comes with this. */
    private void barrier(Fd client, Poller poller) throws IOException, InterruptedException {
        Pipe pipe = linux.pipes().pipe(0);
        try (Fd read = pipe.read()) {
            try (Fd write = pipe.write()) {
                send(client, "BARRIER=1", List.of(write));
            }
            if (poller.await(read, EventCalls.IN, BARRIER) == 0) {
                warnings.accept("Timeout after waiting 30s for barrier. Ignored.");
            }
        }
    }

    private void send(Fd client, String text, List<Fd> descriptors) throws LinuxException {
        linux.sockets().send(client, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), descriptors);
    }

    @Override
    public void close() {
        socket.close();
    }
}
