package io.drydock.containerd.stores.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import io.drydock.spec.containerd.services.containers.v1.Container;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update changes what its field mask names, and nothing else; the words are the original's. */
class FieldMasksTest {
    private static final Container CONTAINER = Container.newBuilder()
            .setId("c")
            .setImage("old")
            .setSnapshotter("overlayfs")
            .setSnapshotKey("key")
            .putLabels("a", "1")
            .putLabels("b", "2")
            .putExtensions("e", Any.newBuilder().setTypeUrl("t").build())
            .setRuntime(Container.Runtime.newBuilder().setName("runc"))
            .setSpec(Any.newBuilder().setTypeUrl("spec"))
            .build();

    @TempDir
    private Path directory;

    private Database database;
    private Containers containers;
    private Images images;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(directory.resolve("meta.db"));
        containers = new Containers(database);
        images = new Images(database);
        containers.create("ns", CONTAINER);
        images.create("ns", "i", "type", "sha256:old", 1, Map.of("a", "1", "b", "2"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Container update(Container.Builder wanted, String... paths) {
        return containers.update("ns", wanted.build(), List.of(paths));
    }

    @Test
    void aContainersFieldsChangeOneByOne() {
        var wanted = Container.newBuilder().setId("c").setImage("new").putLabels("a", "9");
        assertThat(update(wanted, "image").getImage()).isEqualTo("new");
        assertThat(update(wanted, "labels.a", "labels.b").getLabelsMap()).isEqualTo(Map.of("a", "9"));
        var changed = update(wanted, "extensions.e");
        assertThat(changed.getExtensionsMap()).isEmpty();
        assertThat(changed.getSpec()).isEqualTo(CONTAINER.getSpec());
        assertThat(changed.getSnapshotKey()).isEqualTo("key");
        assertThatThrownBy(() -> update(wanted, "runtime"))
                .hasMessageContaining("cannot update \"runtime\" field on \"c\"");
    }

    @Test
    void whatMayNotChangeMustBeRepeatedWithoutAMask() {
        assertThat(update(CONTAINER.toBuilder().setImage("new")).getImage()).isEqualTo("new");
        assertThatThrownBy(() -> update(CONTAINER.toBuilder().setSnapshotter("native")))
                .hasMessageContaining("container.Snapshotter field is immutable");
        assertThatThrownBy(() -> update(CONTAINER.toBuilder().clearRuntime()))
                .hasMessageContaining("container.Runtime.Name field is immutable");
    }

    private Images.Image image(Map<String, String> labels, String... paths) {
        var wanted = new Images.Image("i", "type", "sha256:new", 2, labels, Instant.EPOCH, Instant.EPOCH);
        return images.update("ns", wanted, List.of(paths));
    }

    @Test
    void anImagesTargetAndLabelsChangeApart() {
        var labelled = image(Map.of("a", "9"), "labels.a");
        assertThat(labelled.labels()).isEqualTo(Map.of("a", "9", "b", "2"));
        assertThat(labelled.digest()).isEqualTo("sha256:old");
        var moved = image(Map.of(), "target");
        assertThat(moved.labels()).isEqualTo(Map.of("a", "9", "b", "2"));
        assertThat(moved.digest()).isEqualTo("sha256:new");
        assertThat(image(Map.of("c", "3")).labels()).isEqualTo(Map.of("c", "3"));
        assertThatThrownBy(() -> image(Map.of(), "created_at"))
                .hasMessageContaining("cannot update \"created_at\" field on image \"i\"");
    }
}
