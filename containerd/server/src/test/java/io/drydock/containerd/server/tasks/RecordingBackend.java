package io.drydock.containerd.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.containerd.types.Mount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The rest of containerd, for tests of tasks: one container, any id, in namespace {@code ns}; events are kept. */
final class RecordingBackend implements TaskBackend {
    static final Mount ROOTFS =
            Mount.newBuilder().setType("overlay").setSource("overlay").build();

    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    volatile String runtime = "";
    volatile String spec = "{\"ociVersion\":\"1.0.2\"}";
    volatile Mount rootfs = ROOTFS;

    /** An event as it was put on the bus. */
    record Event(String topic, Any event) {
        TaskExit exit() throws InvalidProtocolBufferException {
            return TaskExit.parseFrom(event.getValue());
        }
    }

    Event next() throws InterruptedException {
        Event event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).as("an event within its time").isNotNull();
        return event;
    }

    /** The topics of the next events. */
    void expect(String... topics) throws InterruptedException {
        for (String topic : topics) {
            assertThat(next().topic()).isEqualTo(topic);
        }
    }

    @Override
    public String namespace() {
        return "ns";
    }

    @Override
    public TaskContainer container(String namespace, String id) {
        return new TaskContainer(
                id,
                runtime,
                Any.getDefaultInstance(),
                Any.newBuilder().setValue(ByteString.copyFromUtf8(spec)).build(),
                "overlayfs",
                "key");
    }

    @Override
    public List<Mount> mounts(String namespace, String snapshotter, String key) {
        return List.of(rootfs);
    }

    @Override
    public Descriptor keep(String namespace, String mediaType, String ref, Bytes bytes) throws IOException {
        var blob = new ByteArrayOutputStream();
        bytes.writeTo(blob);
        String digest = "blob-" + blobs.size();
        blobs.put(digest, blob.toByteArray());
        return Descriptor.newBuilder()
                .setMediaType(mediaType)
                .setDigest(digest)
                .setSize(blob.size())
                .build();
    }

    @Override
    public InputStream open(String namespace, String digest) {
        return new ByteArrayInputStream(Objects.requireNonNull(blobs.get(digest)));
    }

    @Override
    public void publish(String namespace, String topic, Timestamp at, Any event) {
        events.add(new Event(topic, event));
    }
}
