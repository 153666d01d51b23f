package io.drydock.containerd.client;

import com.google.protobuf.Empty;
import io.drydock.spec.containerd.services.version.v1.VersionGrpc;
import io.drydock.spec.containerd.services.version.v1.VersionResponse;
import io.grpc.Channel;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A containerd, seen from one namespace. Every call blocks its thread, which should be a virtual one, and has a deadline
 * (but waits and subscriptions). Calls made while containerd restarts wait for it, up to their deadline. Errors are
 * {@link ContainerdException}s. Safe for any thread.
 *
 * <pre>{@code
 * try (ContainerdClient containerd = ContainerdClient.connect(Path.of("/run/containerd/containerd.sock"), "moby")) {
 *     int pid = containerd.tasks().create("c1", mounts, new Stdio("", out, err, false), null);
 *     containerd.tasks().start("c1", Tasks.INIT);
 * }
 * }</pre>
 */
public final class ContainerdClient implements AutoCloseable {
    private final Connection connection;
    private final String namespace;
    private final Channel channel;
    private final Probes probes;
    private final boolean owner;

    private ContainerdClient(
            Connection connection, Probes probes, String namespace, @Nullable String lease, boolean owner) {
        this.connection = connection;
        this.probes = probes;
        this.namespace = namespace;
        this.channel = connection.channel(namespace, lease);
        this.owner = owner;
    }

    /** A client for a socket; nothing is connected before the first call, and nobody need listen yet. */
    public static ContainerdClient connect(Path socket, String namespace) {
        return new ContainerdClient(new Connection(socket), new Probes(socket, namespace), namespace, null, true);
    }

    /**
     * The same containerd, with everything made through it held by a lease. It shares the connection; closing it is not
     * needed and does nothing.
     */
    public ContainerdClient withLease(String lease) {
        return new ContainerdClient(connection, probes, namespace, lease, false);
    }

    /** The namespace all calls are about. */
    public String namespace() {
        return namespace;
    }

    /** Blobs. */
    public Content content() {
        return new Content(channel);
    }

    /** Image names. */
    public Images images() {
        return new Images(channel);
    }

    /** Snapshots of one snapshotter, for example {@code overlayfs}. */
    public Snapshots snapshots(String snapshotter) {
        return new Snapshots(channel, snapshotter);
    }

    /** Layers into snapshots. */
    public Diffs diffs() {
        return new Diffs(channel);
    }

    /** Leases. */
    public Leases leases() {
        return new Leases(channel);
    }

    /** Containers: metadata. */
    public Containers containers() {
        return new Containers(channel);
    }

    /** Tasks: processes. */
    public Tasks tasks() {
        return new Tasks(channel);
    }

    /** Short processes that are run again and again. */
    public Probes probes() {
        return probes;
    }

    /** What happens. */
    public Events events() {
        return new Events(channel, namespace);
    }

    /** Pull, push, import and export. */
    public Transfer transfer() {
        return new Transfer(channel);
    }

    /** Which containerd answers. */
    public Version version() {
        return version(Connection.SHORT);
    }

    /** As {@link #version()}, for a containerd that may take so long to start. */
    public Version version(Duration limit) {
        VersionResponse version =
                Connection.call(channel, VersionGrpc.getVersionMethod(), Empty.getDefaultInstance(), limit);
        return new Version(version.getVersion(), version.getRevision());
    }

    /** Ends every call and the connection. */
    @Override
    public void close() {
        if (owner) {
            probes.close();
            connection.close();
        }
    }
}
