package io.drydock.containerd.server;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.tasks.TaskBackend;
import io.drydock.containerd.server.tasks.TaskContainer;
import io.drydock.containerd.stores.content.LocalContentStore;
import io.drydock.containerd.stores.metadata.Containers;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.containerd.types.Mount;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;

/** What tasks see of the stores; errors as gRPC's, which is what the task service answers with. */
final class ContainersForTasks implements TaskBackend {
    private static final int BUFFER = 64 * 1024;

    private final Containers containers;
    private final Map<String, Snapshotter> snapshotters;
    private final EventBus events;
    private final LocalContentStore content;

    ContainersForTasks(
            Containers containers, Map<String, Snapshotter> snapshotters, LocalContentStore content, EventBus events) {
        this.content = content;
        this.containers = containers;
        this.snapshotters = snapshotters;
        this.events = events;
    }

    @Override
    public String namespace() {
        try {
            return Scope.namespace();
        } catch (ContainerdError e) {
            throw Answers.status(e);
        }
    }

    @Override
    public TaskContainer container(String namespace, String id) {
        try {
            var container = containers.get(namespace, id);
            return new TaskContainer(
                    container.getId(),
                    container.getRuntime().getName(),
                    container.getRuntime().getOptions(),
                    container.getSpec(),
                    container.getSnapshotter(),
                    container.getSnapshotKey());
        } catch (ContainerdError e) {
            throw Answers.status(e);
        }
    }

    @Override
    public List<Mount> mounts(String namespace, String snapshotter, String key) {
        try {
            var found = snapshotters.get(snapshotter);
            if (found == null) {
                throw ContainerdError.invalid("snapshotter not loaded: " + snapshotter);
            }
            return found.mounts(namespace, key).stream()
                    .map(mount -> Mount.newBuilder()
                            .setType(mount.type())
                            .setSource(mount.source())
                            .addAllOptions(mount.options())
                            .build())
                    .toList();
        } catch (ContainerdError e) {
            throw Answers.status(e);
        }
    }

    @Override
    public Descriptor keep(String namespace, String mediaType, String ref, Bytes bytes) throws IOException {
        boolean done = false;
        try (var ingest = content.ingest(namespace, Scope.lease(), ref, 0, "")) {
            try (var out = new BufferedOutputStream(ingest.stream(), BUFFER)) {
                bytes.writeTo(out);
            }
            var kept = Descriptor.newBuilder()
                    .setMediaType(mediaType)
                    .setDigest(ingest.digest())
                    .setSize(ingest.offset());
            commit(ingest);
            done = true;
            return kept.build();
        } catch (ContainerdError e) {
            throw Answers.status(e);
        } finally {
            if (!done) {
                content.abortIfThere(namespace, ref);
            }
        }
    }

    private static void commit(ContentStore.Ingest ingest) throws IOException {
        try {
            ingest.commit(0, "", Map.of());
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    @Override
    public InputStream open(String namespace, String digest) throws IOException {
        try {
            return Channels.newInputStream(content.open(namespace, digest));
        } catch (ContainerdError e) {
            throw Answers.status(e);
        }
    }

    @Override
    public void publish(String namespace, String topic, Timestamp at, Any event) {
        events.publish(namespace, topic, at, event);
    }
}
