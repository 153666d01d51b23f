package io.drydock.containerd.shim;

import io.drydock.rpc.SocketPath;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where a shim's sockets are, and whether somebody listens there. */
final class Sockets {
    private static final Path DIRECTORY = Path.of("/run/containerd/s");

    private Sockets() {}

    /** The resident shim's socket for a containerd: one shim serves all containers of it. */
    static Path of(String containerdAddress) throws IOException {
        Files.createDirectories(
                DIRECTORY, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return SocketPath.hashed(DIRECTORY, containerdAddress);
    }

    static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
