package io.drydock.containerd.server;

import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.snapshot.DirectorySnapshotter;
import io.drydock.containerd.stores.snapshot.NativeSnapshotter;
import io.drydock.containerd.stores.snapshot.OverlaySnapshotter;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The snapshotters of a server, by name. */
final class Snapshotters implements AutoCloseable {
    private final Map<String, DirectorySnapshotter> all = new LinkedHashMap<>();
    private final Path root;

    private Snapshotters(Path root) {
        this.root = root;
    }

    /** @param root the server's */
    static Snapshotters open(Linux linux, Path root, Database database) throws IOException {
        var opened = new Snapshotters(root);
        opened.add(new OverlaySnapshotter(linux, opened.directory("overlayfs"), database));
        opened.add(new NativeSnapshotter(linux, opened.directory("native"), database));
        return opened;
    }

    private void add(DirectorySnapshotter snapshotter) {
        all.put(snapshotter.name(), snapshotter);
    }

    private Path directory(String name) {
        return root.resolve("io.containerd.snapshotter.v1." + name);
    }

    Map<String, DirectorySnapshotter> all() {
        return all;
    }

    Map<String, Snapshotter> byName() {
        return Map.copyOf(all);
    }

    /** Where each has its files. */
    Map<String, String> roots() {
        var roots = new LinkedHashMap<String, String>();
        all.keySet().forEach(name -> roots.put(name, directory(name).toString()));
        return roots;
    }

    @Override
    public void close() {
        all.values().forEach(DirectorySnapshotter::close);
    }
}
