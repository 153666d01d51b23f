package io.drydock.docker.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Steps from record to record backwards by the length behind each. */
final class RecordTail {
    private static final int AROUND = 8;

    private RecordTail() {}

    static long offset(FileChannel file, long end, int lines) throws IOException {
        long at = end;
        var length = ByteBuffer.allocate(4);
        for (int i = 0; i < lines && at >= AROUND; i++) {
            length.clear();
            if (file.read(length, at - 4) < 4) {
                return 0;
            }
            long begin = at - AROUND - length.getInt(0);
            if (begin < 0 || begin >= at) {
                return 0;
            }
            at = begin;
        }
        return at < AROUND ? 0 : at;
    }
}
