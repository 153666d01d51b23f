package io.drydock.containerd.client;

import com.google.protobuf.ByteString;
import io.drydock.spec.containerd.services.content.v1.ContentGrpc;
import io.drydock.spec.containerd.services.content.v1.WriteAction;
import io.drydock.spec.containerd.services.content.v1.WriteContentRequest;
import io.drydock.spec.containerd.services.content.v1.WriteContentResponse;
import io.grpc.Channel;
import io.grpc.stub.BlockingClientCall;
import java.util.Map;

/**
 * A blob being written: one Write call, in which each message is answered before the next. After a failure the call is over.
 * Closed without a commit, what was written is kept for the next writer of the ref. Used by one thread.
 */
public final class Ingest implements AutoCloseable {
    private final BlockingClientCall<WriteContentRequest, WriteContentResponse> call;
    private WriteContentResponse last = WriteContentResponse.getDefaultInstance();
    private boolean over;

    private Ingest(Channel channel) {
        this.call = Connection.bidi(channel, ContentGrpc.getWriteMethod());
    }

    static Ingest open(Channel channel, String ref, long total, String expected) {
        var ingest = new Ingest(channel);
        boolean opened = false;
        try {
            ingest.ask(WriteContentRequest.newBuilder()
                    .setAction(WriteAction.STAT)
                    .setRef(ref)
                    .setTotal(total)
                    .setExpected(expected));
            opened = true;
            return ingest;
        } finally {
            if (!opened) {
                ingest.close();
            }
        }
    }

    /** Bytes that are there. */
    public long offset() {
        return last.getOffset();
    }

    /** Bytes of the whole, 0 if unknown. */
    public long total() {
        return last.getTotal();
    }

    /** Appends. */
    public void write(ByteString bytes) {
        write(offset(), bytes);
    }

    /** Writes at an offset, which must be where the ingest is, or 0 to begin again. */
    public void write(long offset, ByteString bytes) {
        ask(WriteContentRequest.newBuilder()
                .setAction(WriteAction.WRITE)
                .setOffset(offset)
                .setData(bytes));
    }

    /** Throws away what an earlier writer has left. */
    public void restart() {
        if (offset() > 0) {
            write(0, ByteString.EMPTY);
        }
    }

    /** The digest of what is there. */
    public String digest() {
        return ask(WriteContentRequest.newBuilder().setAction(WriteAction.STAT)).getDigest();
    }

    /**
     * Makes it a blob and answers its digest.
     *
     * @param size expected size in bytes, 0 if unknown
     * @param expected expected digest, empty if unknown
     */
    public String commit(long size, String expected, Map<String, String> labels) {
        var digest = ask(WriteContentRequest.newBuilder()
                        .setAction(WriteAction.COMMIT)
                        .setOffset(offset())
                        .setTotal(size)
                        .setExpected(expected)
                        .putAllLabels(labels))
                .getDigest();
        over = true;
        return digest;
    }

    private WriteContentResponse ask(WriteContentRequest.Builder request) {
        try {
            last = Connection.exchange(call, request.build());
            return last;
        } catch (ContainerdException e) {
            over = true;
            throw e;
        }
    }

    /** Lets go of the ref, and waits until the server has done so. */
    @Override
    public void close() {
        if (!over) {
            over = true;
            Connection.finish(call);
        } else {
            call.cancel("done", null);
        }
    }
}
