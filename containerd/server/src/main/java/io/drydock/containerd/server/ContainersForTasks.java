package io.drydock.containerd.server;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.tasks.TaskBackend;
import io.drydock.containerd.server.tasks.TaskContainer;
import io.drydock.containerd.stores.metadata.Containers;
import io.drydock.spec.containerd.types.Mount;
import java.util.List;
import java.util.Map;

/** What tasks see of the stores; errors as gRPC's, which is what the task service answers with. */
final class ContainersForTasks implements TaskBackend {
    private final Containers containers;
    private final Map<String, Snapshotter> snapshotters;
    private final EventBus events;

    ContainersForTasks(Containers containers, Map<String, Snapshotter> snapshotters, EventBus events) {
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
    public void publish(String namespace, String topic, Timestamp at, Any event) {
        events.publish(namespace, topic, at, event);
    }
}
