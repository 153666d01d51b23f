package io.drydock.image.archive.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** A sparse file's content with its holes as zeros. */
final class SparseStream extends InputStream {
    private final InputStream stored;
    private final Iterator<TarEntry.Segment> segments;
    private final long size;
    private TarEntry.Segment segment;
    private long position;

    SparseStream(InputStream stored, List<TarEntry.Segment> segments, long size) {
        this.stored = stored;
        this.segments = segments.iterator();
        this.size = size;
        this.segment = new TarEntry.Segment(0, 0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (position == size) {
            return -1;
        }
        while (position >= segment.offset() + segment.length()) {
            segment = segments.hasNext() ? segments.next() : new TarEntry.Segment(size, Long.MAX_VALUE - size);
        }
        int count;
        if (position < segment.offset()) {
            count = (int) Math.min(length, segment.offset() - position);
            Arrays.fill(target, offset, offset + count, (byte) 0);
        } else {
            count = stored.read(target, offset, (int) Math.min(length, segment.offset() + segment.length() - position));
            if (count < 0) {
                throw new EOFException("unexpected EOF");
            }
        }
        position += count;
        return count;
    }
}
