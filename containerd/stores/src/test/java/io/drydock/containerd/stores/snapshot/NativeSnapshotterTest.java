package io.drydock.containerd.stores.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.containerd.contract.SnapshotterContract;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Linux;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class NativeSnapshotterTest extends SnapshotterContract {
    @TempDir
    private Path directory;

    private Database database;
    private NativeSnapshotter snapshotter;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(directory.resolve("meta.db"));
        snapshotter = new NativeSnapshotter(Linux.system(), directory.resolve("native"), database);
    }

    @AfterEach
    void close() {
        snapshotter.close();
        database.close();
    }

    @Override
    protected Snapshotter snapshotter() {
        return snapshotter;
    }

    @Override
    protected Path directory() {
        return directory;
    }

    @Test
    void holesAndAttributesAreCopied() throws IOException {
        snapshotter.prepare(NS, "", "work", "", Map.of());
        var source = snapshotter.layerDirectory(NS, "work").resolve("f");
        try (var holes = Files.newByteChannel(source, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            holes.position(50_000_000).write(ByteBuffer.wrap("end".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            holes.position(60_000_000).write(ByteBuffer.wrap(new byte[] {1}));
        }
        Linux.system().xattrs().lset(source.toString(), "trusted.kept", new byte[] {7});
        snapshotter.commit(NS, "", "base", "work", "", Map.of());

        snapshotter.prepare(NS, "", "top", "base", Map.of());

        var copy = snapshotter.layerDirectory(NS, "top").resolve("f");
        assertThat(copy)
                .hasSameBinaryContentAs(snapshotter.layerDirectory(NS, "base").resolve("f"));
        assertThat(snapshotter.usage(NS, "top").size()).isLessThan(1_000_000);
        assertThat(Linux.system().xattrs().lget(copy.toString(), "trusted.kept"))
                .isEqualTo(new byte[] {7});
    }
}
