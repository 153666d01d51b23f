package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.containerd.types.Mount;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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

    /** Writes a blob's bytes; the stream is not its to close. */
    @FunctionalInterface
    interface Bytes {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Makes a blob, which the lease of the current call holds.
     *
     * @param ref of the ingest
     * @throws io.grpc.StatusRuntimeException if the store refuses it
     */
    Descriptor keep(String namespace, String mediaType, String ref, Bytes bytes) throws IOException;

    /**
     * Opens a blob.
     *
     * @throws io.grpc.StatusRuntimeException NOT_FOUND if there is none
     */
    InputStream open(String namespace, String digest) throws IOException;

    /** Puts an event on the bus; events of one caller stay in order. */
    void publish(String namespace, String topic, Timestamp at, Any event);
}
