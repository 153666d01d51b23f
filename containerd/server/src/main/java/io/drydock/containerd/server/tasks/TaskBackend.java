package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.drydock.spec.containerd.types.Mount;
import java.util.List;

/** What tasks need of the rest of containerd. */
public interface TaskBackend {
    /** The namespace of the gRPC call that the current thread serves. */
    String namespace();

    /**
     * The metadata of a container.
     *
     * @throws io.grpc.StatusRuntimeException NOT_FOUND if there is none
     */
    TaskContainer container(String namespace, String id);

    /** The mounts of an active snapshot. */
    List<Mount> mounts(String namespace, String snapshotter, String key);

    /** Puts an event on the bus; events of one caller stay in order. */
    void publish(String namespace, String topic, Timestamp at, Any event);
}
