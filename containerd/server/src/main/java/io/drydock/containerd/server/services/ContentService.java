package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import com.google.protobuf.UnsafeByteOperations;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Downstream;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.grpc.Times;
import io.drydock.containerd.stores.gc.GarbageCollector;
import io.drydock.spec.containerd.events.ContentDelete;
import io.drydock.spec.containerd.services.content.v1.AbortRequest;
import io.drydock.spec.containerd.services.content.v1.ContentGrpc;
import io.drydock.spec.containerd.services.content.v1.DeleteContentRequest;
import io.drydock.spec.containerd.services.content.v1.Info;
import io.drydock.spec.containerd.services.content.v1.InfoRequest;
import io.drydock.spec.containerd.services.content.v1.InfoResponse;
import io.drydock.spec.containerd.services.content.v1.ListContentRequest;
import io.drydock.spec.containerd.services.content.v1.ListContentResponse;
import io.drydock.spec.containerd.services.content.v1.ListStatusesRequest;
import io.drydock.spec.containerd.services.content.v1.ListStatusesResponse;
import io.drydock.spec.containerd.services.content.v1.ReadContentRequest;
import io.drydock.spec.containerd.services.content.v1.ReadContentResponse;
import io.drydock.spec.containerd.services.content.v1.Status;
import io.drydock.spec.containerd.services.content.v1.StatusRequest;
import io.drydock.spec.containerd.services.content.v1.StatusResponse;
import io.drydock.spec.containerd.services.content.v1.UpdateRequest;
import io.drydock.spec.containerd.services.content.v1.UpdateResponse;
import io.drydock.spec.containerd.services.content.v1.WriteContentRequest;
import io.drydock.spec.containerd.services.content.v1.WriteContentResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The service {@code containerd.services.content.v1.Content}; its Write calls are {@link ContentWrite}s. */
public final class ContentService extends ContentGrpc.ContentImplBase {
    private static final int CHUNK = 1 << 20;
    private static final int BATCH = 100;

    private final ContentStore content;
    private final EventBus events;
    private final GarbageCollector collector;

    public ContentService(ContentStore content, EventBus events, GarbageCollector collector) {
        this.content = content;
        this.events = events;
        this.collector = collector;
    }

    private static Info proto(ContentStore.Info info) {
        return Info.newBuilder()
                .setDigest(info.digest())
                .setSize(info.size())
                .setCreatedAt(Times.proto(info.createdAt()))
                .setUpdatedAt(Times.proto(info.updatedAt()))
                .putAllLabels(info.labels())
                .build();
    }

    private static Status proto(ContentStore.Status status) {
        return Status.newBuilder()
                .setRef(status.ref())
                .setOffset(status.offset())
                .setTotal(status.total())
                .setExpected(status.expected())
                .setStartedAt(Times.proto(status.startedAt()))
                .setUpdatedAt(Times.proto(status.updatedAt()))
                .build();
    }

    @Override
    public void info(InfoRequest request, StreamObserver<InfoResponse> out) {
        Answers.unary(
                out,
                () -> InfoResponse.newBuilder()
                        .setInfo(proto(content.info(Scope.namespace(), request.getDigest())))
                        .build());
    }

    @Override
    public void update(UpdateRequest request, StreamObserver<UpdateResponse> out) {
        Answers.unary(
                out,
                () -> UpdateResponse.newBuilder()
                        .setInfo(proto(content.updateLabels(
                                Scope.namespace(),
                                request.getInfo().getDigest(),
                                request.getInfo().getLabelsMap(),
                                request.getUpdateMask().getPathsList())))
                        .build());
    }

    @Override
    public void list(ListContentRequest request, StreamObserver<ListContentResponse> out) {
        Downstream.start(out, "list-content", down -> {
            var batch = ListContentResponse.newBuilder();
            for (var info : content.list(Scope.namespace(), Filter.parse(request.getFiltersList()))) {
                batch.addInfo(proto(info));
                if (batch.getInfoCount() == BATCH) {
                    down.send(batch.build());
                    batch.clear();
                }
            }
            if (batch.getInfoCount() > 0) {
                down.send(batch.build());
            }
        });
    }

    @Override
    public void delete(DeleteContentRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            content.delete(namespace, request.getDigest());
            events.publish(
                    namespace,
                    "/content/delete",
                    ContentDelete.newBuilder().setDigest(request.getDigest()).build());
            collector.soon();
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void read(ReadContentRequest request, StreamObserver<ReadContentResponse> out) {
        Downstream.start(out, "read-content", down -> read(request, down));
    }

    private void read(ReadContentRequest request, Downstream<ReadContentResponse> down)
            throws IOException, InterruptedException {
        try (var blob = content.open(Scope.namespace(), request.getDigest())) {
            long size = blob.size();
            long offset = request.getOffset();
            if (offset > size || offset < 0) {
                throw new ContainerdError(
                        ContainerdError.Code.OUT_OF_RANGE, "read past object length " + size + " bytes: out of range");
            }
            long end = request.getSize() > 0 ? Math.min(size, offset + request.getSize()) : size;
            while (offset < end) {
                var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, end - offset));
                while (buffer.hasRemaining()) {
                    if (blob.read(buffer, offset + buffer.position()) < 0) {
                        throw new ContainerdError(
                                ContainerdError.Code.INTERNAL, "content " + request.getDigest() + " is cut off");
                    }
                }
                down.send(ReadContentResponse.newBuilder()
                        .setOffset(offset)
                        .setData(UnsafeByteOperations.unsafeWrap(buffer.flip()))
                        .build());
                offset += buffer.limit();
            }
        }
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
        Answers.unary(
                out,
                () -> StatusResponse.newBuilder()
                        .setStatus(proto(content.status(Scope.namespace(), request.getRef())))
                        .build());
    }

    @Override
    public void listStatuses(ListStatusesRequest request, StreamObserver<ListStatusesResponse> out) {
        Answers.unary(out, () -> {
            var answer = ListStatusesResponse.newBuilder();
            content.statuses(Scope.namespace(), Filter.parse(request.getFiltersList()))
                    .forEach(status -> answer.addStatuses(proto(status)));
            return answer.build();
        });
    }

    @Override
    public StreamObserver<WriteContentRequest> write(StreamObserver<WriteContentResponse> out) {
        return new ContentWrite(content, events, out);
    }

    @Override
    public void abort(AbortRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            content.abort(Scope.namespace(), request.getRef());
            return Empty.getDefaultInstance();
        });
    }
}
