package io.drydock.containerd.server;

import static io.drydock.containerd.server.RemoteClients.ask;
import static io.drydock.containerd.server.RemoteClients.tell;

import com.google.protobuf.ByteString;
import io.drydock.containerd.client.Blob;
import io.drydock.containerd.client.IngestStatus;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Filter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A server's content store as its clients see it. */
record RemoteContentStore(RemoteClients clients, Path directory) implements ContentStore {
    private static Info info(Blob blob) {
        return new Info(blob.digest(), blob.size(), blob.createdAt(), blob.updatedAt(), blob.labels());
    }

    private static Status status(IngestStatus status) {
        return new Status(
                status.ref(),
                status.offset(),
                status.total(),
                status.expected(),
                status.startedAt(),
                status.updatedAt());
    }

    @Override
    public Info info(String namespace, String digest) {
        return ask(() -> info(clients.of(namespace, "").content().info(digest)));
    }

    @Override
    public Info updateLabels(String namespace, String digest, Map<String, String> labels, Iterable<String> paths) {
        return ask(() -> info(clients.of(namespace, "").content().updateLabels(digest, labels)));
    }

    @Override
    public List<Info> list(String namespace, Filter filter) {
        return ask(() -> clients.of(namespace, "").content().list(filter.texts().toArray(String[]::new)).stream()
                .map(RemoteContentStore::info)
                .toList());
    }

    @Override
    public void delete(String namespace, String digest) {
        tell(() -> clients.of(namespace, "").content().delete(digest));
    }

    @Override
    public FileChannel open(String namespace, String digest) throws IOException {
        var bytes = ask(() -> clients.of(namespace, "").content().read(digest));
        return FileChannel.open(
                Files.write(Files.createTempFile(directory, "blob", ""), bytes),
                StandardOpenOption.READ,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public Status status(String namespace, String ref) {
        return ask(() -> status(clients.of(namespace, "").content().status(ref)));
    }

    @Override
    public List<Status> statuses(String namespace, Filter filter) {
        return ask(() -> clients
                .of(namespace, "")
                .content()
                .statuses(filter.texts().toArray(String[]::new))
                .stream()
                .map(RemoteContentStore::status)
                .toList());
    }

    @Override
    public void abort(String namespace, String ref) {
        tell(() -> clients.of(namespace, "").content().abort(ref));
    }

    @Override
    public Ingest ingest(String namespace, String lease, String ref, long total, String expected) {
        var remote = ask(() -> clients.of(namespace, lease).content().ingest(ref, total, expected));
        return new Ingest() {
            @Override
            public long offset() {
                return remote.offset();
            }

            @Override
            public Status status() {
                return RemoteContentStore.this.status(namespace, ref);
            }

            @Override
            public String digest() {
                return ask(remote::digest);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                tell(() -> remote.write(ByteString.copyFrom(bytes, offset, length)));
            }

            @Override
            public void restart() {
                tell(remote::restart);
            }

            @Override
            public String commit(long size, String digest, Map<String, String> labels) {
                return ask(() -> remote.commit(size, digest, labels));
            }

            @Override
            public void close() {
                remote.close();
            }
        };
    }
}
