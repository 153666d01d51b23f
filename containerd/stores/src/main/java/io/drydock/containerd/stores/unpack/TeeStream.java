package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What is read from it is written to an ingest on the way. */
final class TeeStream extends InputStream {
    private final InputStream in;
    private final ContentStore.Ingest ingest;
    private final LongConsumer progress;
    private @Nullable IOException writeFailure;

    /** @param progress told the number of bytes that have come, after each read */
    TeeStream(InputStream in, ContentStore.Ingest ingest, LongConsumer progress) {
        this.in = in;
        this.ingest = ingest;
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            write(buffer, offset, n);
            progress.accept(ingest.offset());
        }
        return n;
    }

    private void write(byte[] buffer, int offset, int length) throws IOException {
        try {
            ingest.write(buffer, offset, length);
        } catch (IOException e) {
            writeFailure = writeFailure == null ? e : writeFailure;
            throw e;
        }
    }

    /** Why the ingest took no more, the first time; null if it took everything. */
    @Nullable
    IOException writeFailure() {
        return writeFailure;
    }

    /** Reads what is left: a layer may end before its blob does, and the blob's digest is known at its end only. */
    void drain() throws IOException {
        var buffer = new byte[128 * 1024];
        while (read(buffer, 0, buffer.length) >= 0) {
            // written on the way
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
