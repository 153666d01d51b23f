package io.drydock.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages, seen from one end. One thread may send while another receives.
 *
 * <p>What the peer sends is queued without limit of count: flow control is not in the protocol, and a reader that falls
 * behind must not stop the other calls of the connection.
 */
public final class RpcStream implements AutoCloseable {
    private final int id;
    private final FrameChannel frames;
    private final Runnable forget;
    private final LinkedBlockingQueue<Item> received = new LinkedBlockingQueue<>();
    private boolean sendClosed;

    RpcStream(int id, FrameChannel frames, Runnable forget) {
        this.id = id;
        this.frames = frames;
        this.forget = forget;
    }

    /**
     * Sends one message.
     *
     * @throws RpcException {@link StatusCode#UNAVAILABLE} if the connection is gone
     */
    public void send(MessageLite message) {
        write(Frame.data(id, message.toByteArray()));
    }

    /** Says that this end sends no more. A second time it does nothing. */
    public void closeSend() {
        if (!sendClosed) {
            sendClosed = true;
            write(Frame.endOfData(id));
        }
    }

    /**
     * Waits for the peer's next message; null at the end of its messages.
     *
     * @throws RpcException the error the peer ended the stream with, or {@link StatusCode#UNAVAILABLE}
     */
    public <T extends MessageLite> @Nullable T receive(Parser<T> parser) {
        try {
            return switch (received.take()) {
                case Item.Message message -> parser.parseFrom(message.payload());
                case Item.End end -> {
                    received.add(end);
                    if (end.error() != null) {
                        throw new RpcException(end.error().code(), end.error().text(), end.error());
                    }
                    yield null;
                }
            };
        } catch (InvalidProtocolBufferException e) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "malformed message: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "context canceled", e);
        }
    }

    /** Gives the stream up on this end; the protocol has no way to tell the peer. */
    @Override
    public void close() {
        forget.run();
    }

    void deliver(byte[] payload) {
        received.add(new Item.Message(payload));
    }

    void end(@Nullable RpcException error) {
        received.add(new Item.End(error));
    }

    private void write(Frame frame) {
        try {
            frames.write(frame);
        } catch (IOException e) {
            throw new RpcException(StatusCode.UNAVAILABLE, "ttrpc: closed: " + e.getMessage(), e);
        }
    }

    private sealed interface Item {
        record Message(byte[] payload) implements Item {}

        record End(@Nullable RpcException error) implements Item {}
    }
}
