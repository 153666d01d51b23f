package io.drydock.containerd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import io.drydock.spec.containerd.services.content.v1.AbortRequest;
import io.drydock.spec.containerd.services.content.v1.ContentGrpc;
import io.drydock.spec.containerd.services.content.v1.DeleteContentRequest;
import io.drydock.spec.containerd.services.content.v1.Info;
import io.drydock.spec.containerd.services.content.v1.InfoRequest;
import io.drydock.spec.containerd.services.content.v1.ListContentRequest;
import io.drydock.spec.containerd.services.content.v1.ListContentResponse;
import io.drydock.spec.containerd.services.content.v1.ListStatusesRequest;
import io.drydock.spec.containerd.services.content.v1.ReadContentRequest;
import io.drydock.spec.containerd.services.content.v1.StatusRequest;
import io.drydock.spec.containerd.services.content.v1.UpdateRequest;
import io.drydock.spec.oci.Digest;
import io.grpc.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Blobs, by digest. Large ones belong on {@link Transfer}: what goes through here is copied through gRPC. */
public final class Content {
    private static final int CHUNK = 1 << 20;

    private final Channel channel;

    Content(Channel channel) {
        this.channel = channel;
    }

    /** One blob; fails with NOT_FOUND. */
    public Blob info(String digest) {
        return fromProto(Connection.call(
                        channel,
                        ContentGrpc.getInfoMethod(),
                        InfoRequest.newBuilder().setDigest(digest).build(),
                        Connection.SHORT)
                .getInfo());
    }

    /** The blobs that match any of the filters, all if there are none. */
    public List<Blob> list(String... filters) {
        Iterator<ListContentResponse> parts = Connection.stream(
                channel,
                ContentGrpc.getListMethod(),
                ListContentRequest.newBuilder().addAllFilters(List.of(filters)).build());
        List<Blob> blobs = new ArrayList<>();
        while (parts.hasNext()) {
            parts.next().getInfoList().forEach(info -> blobs.add(fromProto(info)));
        }
        return blobs;
    }

    /** Sets labels; one with an empty value is removed. */
    public Blob updateLabels(String digest, Map<String, String> labels) {
        FieldMask.Builder mask = FieldMask.newBuilder();
        labels.keySet().forEach(label -> mask.addPaths("labels." + label));
        return fromProto(Connection.call(
                        channel,
                        ContentGrpc.getUpdateMethod(),
                        UpdateRequest.newBuilder()
                                .setInfo(Info.newBuilder().setDigest(digest).putAllLabels(labels))
                                .setUpdateMask(mask)
                                .build(),
                        Connection.SHORT)
                .getInfo());
    }

    /** Deletes a blob; fails with NOT_FOUND. Usually the garbage collector does that. */
    public void delete(String digest) {
        Connection.call(
                channel,
                ContentGrpc.getDeleteMethod(),
                DeleteContentRequest.newBuilder().setDigest(digest).build(),
                Connection.SHORT);
    }

    /** A whole blob of at most a few megabytes: manifests and configs. */
    public byte[] read(String digest) {
        Iterator<io.drydock.spec.containerd.services.content.v1.ReadContentResponse> parts = Connection.stream(
                channel,
                ContentGrpc.getReadMethod(),
                ReadContentRequest.newBuilder().setDigest(digest).build());
        ByteString bytes = ByteString.EMPTY;
        while (parts.hasNext()) {
            bytes = bytes.concat(parts.next().getData());
        }
        return bytes.toByteArray();
    }

    /** A blob as a stream, from an offset in bytes; fails with NOT_FOUND on the first read. */
    public InputStream open(String digest, long offset) {
        return new BlobStream(Connection.stream(
                channel,
                ContentGrpc.getReadMethod(),
                ReadContentRequest.newBuilder()
                        .setDigest(digest)
                        .setOffset(offset)
                        .build()));
    }

    /**
     * Stores a blob; one that is there already is left as it is.
     *
     * @param ref names the ingest: two writers of one ref exclude each other
     * @param labels for example what the blob refers to, for the garbage collector
     * @throws IOException from reading {@code bytes}
     */
    public void write(String ref, Descriptor blob, InputStream bytes, Map<String, String> labels) throws IOException {
        try (Ingest ingest = ingest(ref, blob.size(), blob.digest())) {
            ingest.restart();
            byte[] buffer = new byte[(int) Math.min(CHUNK, Math.max(blob.size(), 1))];
            for (int read = bytes.readNBytes(buffer, 0, buffer.length);
                    read > 0;
                    read = bytes.readNBytes(buffer, 0, buffer.length)) {
                ingest.write(ByteString.copyFrom(buffer, 0, read));
            }
            ingest.commit(blob.size(), blob.digest(), labels);
        } catch (ContainerdException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    /**
     * Stores a blob whose digest is known when it has been read.
     *
     * @param ref names the ingest: two writers of one ref exclude each other
     * @param size in bytes; the stream must have as many
     * @return its SHA-256 digest
     * @throws IOException from reading {@code bytes}
     */
    public String write(String ref, long size, InputStream bytes) throws IOException {
        var hasher = Digest.sha256Hasher();
        try (Ingest ingest = ingest(ref, size, "")) {
            ingest.restart();
            byte[] buffer = new byte[(int) Math.min(CHUNK, Math.max(size, 1))];
            for (int read = bytes.readNBytes(buffer, 0, buffer.length);
                    read > 0;
                    read = bytes.readNBytes(buffer, 0, buffer.length)) {
                hasher.update(buffer, 0, read);
                ingest.write(ByteString.copyFrom(buffer, 0, read));
            }
            String digest = Digest.sha256(hasher).toString();
            try {
                ingest.commit(size, digest, Map.of());
            } catch (ContainerdException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
            }
            return digest;
        }
    }

    /**
     * Opens an ingest, new or resumed, for this caller alone: its offset tells how much is there already.
     *
     * @param total size in bytes, 0 if unknown
     * @param expected digest, empty if unknown
     */
    public Ingest ingest(String ref, long total, String expected) {
        return Ingest.open(channel, ref, total, expected);
    }

    /** How far an ingest is; fails with NOT_FOUND. */
    public IngestStatus status(String ref) {
        return IngestStatus.of(Connection.call(
                        channel,
                        ContentGrpc.getStatusMethod(),
                        StatusRequest.newBuilder().setRef(ref).build(),
                        Connection.SHORT)
                .getStatus());
    }

    /** The ingests that match any of the filters, all if there are none. */
    public List<IngestStatus> statuses(String... filters) {
        return Connection.call(
                        channel,
                        ContentGrpc.getListStatusesMethod(),
                        ListStatusesRequest.newBuilder()
                                .addAllFilters(List.of(filters))
                                .build(),
                        Connection.SHORT)
                .getStatusesList()
                .stream()
                .map(IngestStatus::of)
                .toList();
    }

    /** Drops what was written under a ref and not committed; fails with NOT_FOUND. */
    public void abort(String ref) {
        Connection.call(
                channel,
                ContentGrpc.getAbortMethod(),
                AbortRequest.newBuilder().setRef(ref).build(),
                Connection.SHORT);
    }

    private static Blob fromProto(Info info) {
        return new Blob(
                info.getDigest(),
                info.getSize(),
                Connection.instant(info.getCreatedAt()),
                Connection.instant(info.getUpdatedAt()),
                info.getLabelsMap());
    }
}
