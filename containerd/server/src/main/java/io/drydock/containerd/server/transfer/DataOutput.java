package io.drydock.containerd.server.transfer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.spec.containerd.types.transfer.Data;
import io.drydock.spec.containerd.types.transfer.WindowUpdate;
import java.io.IOException;
import java.io.OutputStream;

/** Sends bytes to a client on a stream, as many as it has allowed: the other way round of {@link DataInput}. One thread. */
final class DataOutput extends OutputStream {
    private static final int LARGEST = 256 * 1024;

    private final Streams.Open stream;
    private int window;

    DataOutput(Streams.Open stream) {
        this.stream = stream;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int left = length;
        while (left > 0) {
            while (window <= 0) {
                window += update();
            }
            int count = Math.min(Math.min(left, window), LARGEST);
            stream.send(EventBus.pack(Data.newBuilder()
                    .setData(ByteString.copyFrom(bytes, offset + length - left, count))
                    .build()));
            window -= count;
            left -= count;
        }
    }

    private int update() throws IOException {
        var message = stream.take();
        if (message == null) {
            throw new IOException("the client wants no more bytes");
        }
        try {
            return WindowUpdate.parseFrom(message.getValue()).getUpdate();
        } catch (InvalidProtocolBufferException e) {
            throw ContainerdError.invalid("malformed window on the stream");
        }
    }

    /** Tells the client that this is all. */
    @Override
    public void close() {
        stream.end();
    }
}
