package io.drydock.docker.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the first line of a time by halving the file: lines are in the order of their times. */
final class SinceFinder {
    /** More than the longest line: 16 KiB of text, each byte of it escaped. */
    private static final int WINDOW = 128 * 1024;

    private SinceFinder() {}

    /** The beginning of a line before which all lines are older than the time; near the first that is not. */
    static long offset(FileChannel file, long end, Instant time) throws IOException {
        long low = 0;
        long high = end;
        while (high - low > WINDOW) {
            long middle = (low + high) / 2;
            var line = lineAfter(file, middle, high);
            if (line == null) {
                return low;
            }
            if (line.time().isBefore(time)) {
                low = line.begin();
            } else {
                high = middle;
            }
        }
        return low;
    }

    private record Line(long begin, Instant time) {}

    /** The first readable line that begins after a place. */
    private static @Nullable Line lineAfter(FileChannel file, long at, long end) throws IOException {
        var window = ByteBuffer.allocate((int) Math.min(WINDOW, end - at));
        while (window.hasRemaining() && file.read(window, at + window.position()) >= 0) {
            continue;
        }
        byte[] bytes = window.array();
        int begin = newline(bytes, 0, window.position());
        while (begin >= 0) {
            int next = newline(bytes, begin + 1, window.position());
            if (next < 0) {
                return null;
            }
            var message = JsonLineDecoder.decode(Arrays.copyOfRange(bytes, begin + 1, next));
            if (message != null) {
                return new Line(at + begin + 1, message.time());
            }
            begin = next;
        }
        return null;
    }

    private static int newline(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
