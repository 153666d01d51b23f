package io.drydock.containerd.server.services;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.grpc.Times;
import io.drydock.spec.containerd.events.ContentCreate;
import io.drydock.spec.containerd.services.content.v1.WriteAction;
import io.drydock.spec.containerd.services.content.v1.WriteContentRequest;
import io.drydock.spec.containerd.services.content.v1.WriteContentResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Write call: an open ingest, told what to do by messages, each of which is answered.
 *
 * <pre>
 *   client                                             server
 *   STAT   ref, total, expected          ──▶           opens (or takes up) the ingest; answers its state
 *   WRITE  offset, data                  ──▶           offset must be where the ingest is, or 0 to begin again
 *   COMMIT total, expected, labels       ──▶           a blob now; the call ends
 *   (end)                                ──▶           the ingest is let go, and kept
 * </pre>
 *
 * Any of them may be the first, which must name the ref. gRPC calls the methods one after the other.
 */
final class ContentWrite implements StreamObserver<WriteContentRequest> {
    private static final Logger log = LoggerFactory.getLogger(ContentWrite.class);

    private final ContentStore content;
    private final EventBus events;
    private final StreamObserver<WriteContentResponse> out;
    private ContentStore.@Nullable Ingest ingest;
    private String ref = "";
    private long total;
    private String expected = "";
    private boolean ended;

    ContentWrite(ContentStore content, EventBus events, StreamObserver<WriteContentResponse> out) {
        this.content = content;
        this.events = events;
        this.out = out;
        ((ServerCallStreamObserver<WriteContentResponse>) out).setOnCancelHandler(this::release);
    }

    @Override
    public void onNext(WriteContentRequest request) {
        if (ended) {
            return;
        }
        try {
            take(request);
        } catch (IOException | RuntimeException e) {
            release();
            ended = true;
            out.onError(Answers.status(e));
        }
    }

    private void take(WriteContentRequest request) throws IOException {
        var open = opened(request);
        check(request);
        switch (request.getAction()) {
            case STAT -> answer(request.getAction(), open, open.digest());
            case WRITE -> {
                write(request, open);
                answer(request.getAction(), open, "");
            }
            case COMMIT -> commit(request, open);
            case UNRECOGNIZED -> throw ContainerdError.invalid("unknown action " + request.getActionValue());
        }
    }

    private ContentStore.Ingest opened(WriteContentRequest request) throws IOException {
        if (ingest != null) {
            return ingest;
        }
        if (request.getRef().isEmpty()) {
            throw ContainerdError.invalid("first message must have a reference");
        }
        ref = request.getRef();
        ingest = content.ingest(Scope.namespace(), Scope.lease(), ref, request.getTotal(), request.getExpected());
        return ingest;
    }

    private void check(WriteContentRequest request) {
        if (!request.getRef().isEmpty() && !request.getRef().equals(ref)) {
            throw ContainerdError.invalid("ref must not change");
        }
        if (request.getTotal() > 0) {
            if (total > 0 && total != request.getTotal()) {
                throw ContainerdError.invalid("commit size must match initial size");
            }
            total = request.getTotal();
        }
        if (!request.getExpected().isEmpty()) {
            if (!expected.isEmpty() && !expected.equals(request.getExpected())) {
                throw ContainerdError.invalid("commit digest must match initial digest");
            }
            expected = request.getExpected();
        }
    }

    private void write(WriteContentRequest request, ContentStore.Ingest open) throws IOException {
        if (request.getOffset() == 0 && open.offset() > 0) {
            open.restart();
        }
        // an offset that is not given stands for the beginning
        if (request.getOffset() != open.offset()) {
            throw new ContainerdError(
                    ContainerdError.Code.OUT_OF_RANGE,
                    "write @" + request.getOffset() + " must occur at current offset " + open.offset()
                            + ": out of range");
        }
        if (!request.getData().isEmpty()) {
            var bytes = request.getData().toByteArray();
            open.write(bytes, 0, bytes.length);
        }
    }

    private void commit(WriteContentRequest request, ContentStore.Ingest open) throws IOException {
        if (!request.getData().isEmpty()) {
            var bytes = request.getData().toByteArray();
            open.write(bytes, 0, bytes.length);
        }
        var digest = open.commit(total, expected, request.getLabelsMap());
        events.publish(
                Scope.namespace(),
                "/content/create",
                ContentCreate.newBuilder()
                        .setDigest(digest)
                        .setSize(open.offset())
                        .build());
        answer(WriteAction.COMMIT, open, digest);
        release();
        ended = true;
        out.onCompleted();
    }

    private void answer(WriteAction action, ContentStore.Ingest open, String digest) {
        var status = open.status();
        out.onNext(WriteContentResponse.newBuilder()
                .setAction(action)
                .setOffset(status.offset())
                .setTotal(Math.max(total, status.total()))
                .setDigest(digest)
                .setStartedAt(Times.proto(status.startedAt()))
                .setUpdatedAt(Times.proto(status.updatedAt()))
                .build());
    }

    @Override
    public void onError(Throwable failure) {
        release();
    }

    @Override
    public void onCompleted() {
        release();
        if (!ended) {
            ended = true;
            out.onCompleted();
        }
    }

    private void release() {
        var open = ingest;
        ingest = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.warn("close ingest {}: {}", ref, e.getMessage());
            }
        }
    }
}
