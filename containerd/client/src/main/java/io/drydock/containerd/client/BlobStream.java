package io.drydock.containerd.client;

import com.google.protobuf.ByteString;
import io.drydock.spec.containerd.services.content.v1.ReadContentResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/** A blob that arrives in messages. */
final class BlobStream extends InputStream {
    private final Iterator<ReadContentResponse> parts;
    private ByteString current = ByteString.EMPTY;
    private int position;

    BlobStream(Iterator<ReadContentResponse> parts) {
        this.parts = parts;
    }

    @Override
    public int read() throws IOException {
        return fill() ? current.byteAt(position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.size() - position);
        current.copyTo(target, position, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        try {
            while (position == current.size()) {
                if (!parts.hasNext()) {
                    return false;
                }
                current = parts.next().getData();
                position = 0;
            }
            return true;
        } catch (ContainerdException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Drains the call, so that it ends: there is no other way to give up an iterator. */
    @Override
    public void close() {
        while (parts.hasNext()) {
            parts.next();
        }
    }
}
