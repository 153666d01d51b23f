package io.drydock.containerd.server;

import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.snapshot.BtrfsSnapshotter;
import io.drydock.containerd.stores.snapshot.DirectorySnapshotter;
import io.drydock.containerd.stores.snapshot.NativeSnapshotter;
import io.drydock.containerd.stores.snapshot.OverlaySnapshotter;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The snapshotters of a server, by name. */
final class Snapshotters implements AutoCloseable {
    private final Map<String, DirectorySnapshotter> all = new LinkedHashMap<>();
    private final Map<String, String> roots = new LinkedHashMap<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();

    private Snapshotters() {}

    /** Those that the configuration does not disable. */
    static Snapshotters open(Linux linux, ServerConfig config, Database database) throws IOException {
        var opened = new Snapshotters();
        if (config.hasSnapshotter("overlayfs")) {
            opened.add(
                    config,
                    new OverlaySnapshotter(
                            linux,
                            config.snapshotterRoot("overlayfs"),
                            database,
                            config.overlayOptions(),
                            config.syncRemove()));
        }
        if (config.hasSnapshotter("native")) {
            opened.add(config, new NativeSnapshotter(linux, config.snapshotterRoot("native"), database));
        }
        if (config.hasSnapshotter("btrfs")) {
            opened.btrfs(linux, config, database);
        }
        return opened;
    }

    private void btrfs(Linux linux, ServerConfig config, Database database) throws IOException {
        var directory = config.snapshotterRoot("btrfs");
        if (BtrfsSnapshotter.isPossible(linux, directory)) {
            add(config, new BtrfsSnapshotter(linux, directory, database));
        } else {
            skipped.put(
                    "btrfs", "path " + directory + " must be a btrfs filesystem to be used with the btrfs snapshotter");
        }
    }

    private void add(ServerConfig config, DirectorySnapshotter snapshotter) {
        all.put(snapshotter.name(), snapshotter);
        roots.put(snapshotter.name(), config.snapshotterRoot(snapshotter.name()).toString());
    }

    Map<String, DirectorySnapshotter> all() {
        return all;
    }

    Map<String, Snapshotter> byName() {
        return Map.copyOf(all);
    }

    /** Where each has its files. */
    Map<String, String> roots() {
        return roots;
    }

    /** Those that this machine cannot have, and why. */
    Map<String, String> skipped() {
        return skipped;
    }

    @Override
    public void close() {
        all.values().forEach(DirectorySnapshotter::close);
    }
}
