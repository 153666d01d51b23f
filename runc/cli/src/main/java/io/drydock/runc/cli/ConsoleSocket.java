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
        try (Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.STREAM, 0)) {
            linux.sockets().connectUnix(socket, path);
            ByteBuffer name = ByteBuffer.wrap("/dev/ptmx".getBytes(StandardCharsets.US_ASCII));
            linux.sockets().send(socket, name, List.of(master));
        }
    }
}
