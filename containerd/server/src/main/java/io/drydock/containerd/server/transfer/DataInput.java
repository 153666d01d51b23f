package io.drydock.containerd.server.transfer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.spec.containerd.types.transfer.Data;
import io.drydock.spec.containerd.types.transfer.WindowUpdate;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes that a client sends on a stream:
 *
 * <pre>
 *   ── WindowUpdate{update} ──▶ client      it may send so many bytes more
 *   ◀── Data{data} ───────────
 *   ◀── end of the client's side            no bytes any more
 * </pre>
 *
 * Read by one thread.
 */
final class DataInput extends InputStream {
    private static final int WINDOW = 1 << 20;

    private final Streams.Open stream;
    private int window;
    private ByteString data = ByteString.EMPTY;
    private int position;

    DataInput(Streams.Open stream) {
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (position == data.size()) {
            if (window <= WINDOW / 2) {
                stream.send(EventBus.pack(
                        WindowUpdate.newBuilder().setUpdate(WINDOW - window).build()));
                window = WINDOW;
            }
            var message = stream.take();
            if (message == null) {
                return -1;
            }
            try {
                data = Data.parseFrom(message.getValue()).getData();
            } catch (InvalidProtocolBufferException e) {
                throw ContainerdError.invalid("malformed data on the stream");
            }
            position = 0;
            window -= data.size();
        }
        int count = Math.min(length, data.size() - position);
        data.copyTo(buffer, position, offset, count);
        position += count;
        return count;
    }
}
