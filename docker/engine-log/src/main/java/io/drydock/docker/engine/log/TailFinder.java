package io.drydock.docker.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds where the last lines of a file begin, reading backwards. */
final class TailFinder {
    private static final int BLOCK = 32 * 1024;

    private TailFinder() {}

    /** The offset of the {@code lines}-th last line before {@code end}; 0 if there are not as many. */
    static long offset(FileChannel file, long end, int lines) throws IOException {
        var block = ByteBuffer.allocate(BLOCK);
        int found = 0;
        long to = end;
        while (to > 0) {
            long from = Math.max(0, to - BLOCK);
            block.clear().limit((int) (to - from));
            while (block.hasRemaining() && file.read(block, from + block.position()) >= 0) {
                continue;
            }
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n' && from + i != end - 1 && ++found == lines) {
                    return from + i + 1;
                }
            }
            to = from;
        }
        return 0;
    }
}
