package io.drydock.containerd.server;

import static io.drydock.containerd.server.RemoteClients.ask;
import static io.drydock.containerd.server.RemoteClients.tell;

import io.drydock.containerd.client.Snapshot;
import io.drydock.containerd.client.Snapshots;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Snapshotter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server's snapshotter as its clients see it. */
record RemoteSnapshotter(RemoteClients clients, String name) implements Snapshotter {
    @Override
    public boolean stacksLater() {
        return name.equals("overlayfs");
    }

    private Snapshots snapshots(String namespace, String lease) {
        return clients.of(namespace, lease).snapshots(name);
    }

    private static List<Mount> mounts(List<io.drydock.containerd.client.Mount> mounts) {
        return mounts.stream()
                .map(mount -> new Mount(mount.type(), mount.source(), mount.options()))
                .toList();
    }

    private static Info info(Snapshot snapshot) {
        return new Info(
                snapshot.name(),
                snapshot.parent(),
                Kind.valueOf(snapshot.kind().name()),
                snapshot.createdAt(),
                snapshot.updatedAt(),
                snapshot.labels());
    }

    @Override
    public List<Mount> prepare(String namespace, String lease, String key, String parent, Map<String, String> labels) {
        return ask(() -> mounts(snapshots(namespace, lease).prepare(key, parent, labels)));
    }

    @Override
    public List<Mount> view(String namespace, String lease, String key, String parent, Map<String, String> labels) {
        return ask(() -> mounts(snapshots(namespace, lease).view(key, parent, labels)));
    }

    @Override
    public List<Mount> mounts(String namespace, String key) {
        return ask(() -> mounts(snapshots(namespace, "").mounts(key)));
    }

    @Override
    public void commit(
            String namespace, String lease, String name, String key, String parent, Map<String, String> labels) {
        tell(() -> snapshots(namespace, lease).commit(name, key, parent, labels));
    }

    @Override
    public void remove(String namespace, String key) {
        tell(() -> snapshots(namespace, "").remove(key));
    }

    @Override
    public Info stat(String namespace, String key) {
        return ask(() -> info(snapshots(namespace, "").stat(key)));
    }

    @Override
    public Info updateLabels(String namespace, String key, Map<String, String> labels, Iterable<String> paths) {
        return ask(() -> info(snapshots(namespace, "").updateLabels(key, labels)));
    }

    @Override
    public List<Info> list(String namespace, Filter filter) {
        return ask(() -> snapshots(namespace, "").list(filter.texts().toArray(String[]::new)).stream()
                .map(RemoteSnapshotter::info)
                .toList());
    }

    @Override
    public Usage usage(String namespace, String key) {
        return ask(() -> {
            var usage = snapshots(namespace, "").usage(key);
            return new Usage(usage.size(), usage.inodes());
        });
    }

    @Override
    public Path layerDirectory(String namespace, String key) {
        throw new UnsupportedOperationException("the server's own");
    }

    @Override
    public List<Path> layers(String namespace, String key) {
        throw new UnsupportedOperationException("the server's own");
    }

    @Override
    public void cleanup() {
        tell(() -> snapshots("test", "").cleanup());
    }
}
