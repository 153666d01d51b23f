package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Bytes that grow at the end and never move. Safe for threads: who knows a size can read so much. */
final class Segments {
    private static final int SEGMENT = 1024 * 1024;

    private final List<byte[]> segments = new ArrayList<>();
    private long size;

    static Segments of(byte[] bytes) {
        var made = new Segments();
        made.append(bytes, 0, bytes.length);
        return made;
    }

    synchronized long size() {
        return size;
    }

    synchronized void append(byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            int place = (int) (size % SEGMENT);
            if (place == 0) {
                segments.add(new byte[Math.min(SEGMENT, length - done)]);
            } else if (place == last().length) {
                // the first piece was small: more has come after all
                segments.set(segments.size() - 1, Arrays.copyOf(last(), SEGMENT));
            }
            int n = Math.min(length - done, last().length - place);
            System.arraycopy(from, offset + done, last(), place, n);
            done += n;
            size += n;
        }
    }

    private byte[] last() {
        return segments.getLast();
    }

    private synchronized byte[] segment(long position) {
        return segments.get((int) (position / SEGMENT));
    }

    byte[] all() {
        try (var in = stream(0, size())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    InputStream stream(long offset, long count) {
        Objects.checkFromIndexSize(offset, count, size());
        return new InputStream() {
            private long position = offset;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int begin, int length) {
                long left = offset + count - position;
                if (left <= 0) {
                    return -1;
                }
                var segment = segment(position);
                int place = (int) (position % SEGMENT);
                int n = (int) Math.min(left, Math.min(length, segment.length - place));
                System.arraycopy(segment, place, buffer, begin, n);
                position += n;
                return n;
            }
        };
    }
}
