package io.drydock.docker.engine.log;

import io.drydock.spec.engine.LogMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RecordEncoder} and Docker's local driver write. Ends at a record that is cut off or makes no sense. */
final class RecordDecoder implements LineDecoder {
    private static final int LIMIT = 1 << 20;
    private static final long NANOS = 1_000_000_000;
    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private final InputStream in;

    RecordDecoder(InputStream in) {
        this.in = in;
    }

    @Override
    public @Nullable LogMessage next() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
            return null;
        }
        int length = ByteBuffer.wrap(head).getInt();
        if (length < 0 || length > LIMIT) {
            return null;
        }
        byte[] record = in.readNBytes(length + 4);
        return record.length < length + 4 ? null : decode(ByteBuffer.wrap(record, 0, length));
    }

    private static @Nullable LogMessage decode(ByteBuffer record) {
        int stream = 1;
        long nanos = 0;
        byte[] line = {};
        boolean partial = false;
        while (record.hasRemaining()) {
            long key = varint(record);
            if ((key & 7) == VARINT) {
                long value = varint(record);
                nanos = key >> 3 == 2 ? value : nanos;
                partial |= key >> 3 == 4 && value != 0;
            } else if ((key & 7) == BYTES) {
                long length = varint(record);
                if (length < 0 || length > record.remaining()) {
                    return null;
                }
                byte[] bytes = new byte[(int) length];
                record.get(bytes);
                stream = key >> 3 == 1 && bytes.length == 6 && bytes[3] == 'e' ? 2 : stream;
                line = key >> 3 == 3 ? bytes : line;
            } else {
                return null;
            }
        }
        if (!partial) {
            line = Arrays.copyOf(line, line.length + 1);
            line[line.length - 1] = '\n';
        }
        var time = Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
        return new LogMessage(stream, line, time, Map.of());
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 64 && from.hasRemaining(); shift += 7) {
            byte b = from.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return value;
    }
}
