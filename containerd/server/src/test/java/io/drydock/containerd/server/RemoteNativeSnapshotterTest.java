package io.drydock.containerd.server;

import io.drydock.containerd.core.Snapshotter;

/** The copying snapshotter's contract over gRPC. */
class RemoteNativeSnapshotterTest extends RemoteSnapshotterTest {
    @Override
    protected Snapshotter snapshotter() {
        return new RemoteSnapshotter(clients, "native");
    }
}
