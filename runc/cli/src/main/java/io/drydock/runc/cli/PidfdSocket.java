package io.drydock.runc.cli;

import io.drydock.linux.Linux;
import io.drydock.runc.runtime.ContainerProcess;
import java.io.IOException;

/** Sends a process's pidfd to whoever listens at {@code --pidfd-socket}. */
final class PidfdSocket {
    private PidfdSocket() {}

    static void send(Linux linux, String path, ContainerProcess process) throws IOException {
        if (!path.isEmpty()) {
            ConsoleSocket.send(linux, path, "pidfd", process.pidfd());
        }
    }
}
