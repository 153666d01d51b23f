package io.drydock.image.archive.tar;

import java.util.ArrayList;
import java.util.List;

/** The maps of GNU's sparse formats. */
final class SparseMap {
    private SparseMap() {}

    /** Alternating offsets and lengths, decimal. */
    static List<TarEntry.Segment> parse(String[] numbers) throws TarException {
        if (numbers.length % 2 != 0) {
            throw new TarException("invalid sparse map");
        }
        List<TarEntry.Segment> segments = new ArrayList<>(numbers.length / 2);
        for (int i = 0; i < numbers.length; i += 2) {
            segments.add(new TarEntry.Segment(decimal(numbers[i]), decimal(numbers[i + 1])));
        }
        return segments;
    }

    /** Entries of 24 bytes; an empty one ends the list. */
    static void addGnu(List<TarEntry.Segment> segments, byte[] block, int offset, int count) throws TarException {
        for (int i = 0; i < count && block[offset + i * 24] != 0; i++) {
            segments.add(new TarEntry.Segment(
                    Header.number(block, offset + i * 24, 12), Header.number(block, offset + i * 24 + 12, 12)));
        }
    }

    /** Segments must be in order, inside the file, and hold exactly what is stored. */
    static void check(List<TarEntry.Segment> segments, long size, long stored) throws TarException {
        if (segments.isEmpty()) {
            return;
        }
        long end = 0;
        long sum = 0;
        for (TarEntry.Segment segment : segments) {
            if (segment.offset() < end || segment.length() < 0 || segment.offset() > size - segment.length()) {
                throw new TarException("invalid sparse map");
            }
            end = segment.offset() + segment.length();
            sum += segment.length();
        }
        if (sum != stored) {
            throw new TarException("invalid sparse map");
        }
    }

    static long decimal(String text) throws TarException {
        int start = text.startsWith("-") ? 1 : 0;
        if (text.length() == start || text.length() > 18) {
            throw new TarException("invalid number");
        }
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw new TarException("invalid number");
            }
        }
        return Long.parseLong(text);
    }
}
