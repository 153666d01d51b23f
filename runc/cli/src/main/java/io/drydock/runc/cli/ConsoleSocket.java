package io.drydock.runc.cli;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends a terminal's master to whoever listens at {@code --console-socket}. */
final class ConsoleSocket {
    private ConsoleSocket() {}

    static void send(Linux linux, String path, Fd master) throws IOException {
        send(linux, path, "/dev/ptmx", master);
    }

    /** One packet: a name, and the descriptor beside it. */
    static void send(Linux linux, String path, String name, Fd descriptor) throws IOException {
        try (Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.STREAM, 0)) {
            linux.sockets().connectUnix(socket, path);
            ByteBuffer text = ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII));
            linux.sockets().send(socket, text, List.of(descriptor));
        }
    }
}
