package io.drydock.containerd.server;

import io.drydock.containerd.contract.SnapshotterContract;
import io.drydock.containerd.core.Snapshotter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** The snapshotter's contract over gRPC. */
class RemoteSnapshotterTest extends SnapshotterContract {
    private final TestServer server = TestServer.start();
    final RemoteClients clients = new RemoteClients(server);

    @AfterEach
    void close() {
        clients.close();
        server.close();
    }

    @Override
    protected Snapshotter snapshotter() {
        return new RemoteSnapshotter(clients, "overlayfs");
    }

    @Override
    protected Path directory() {
        return server.directory();
    }
}
