package io.drydock.image.archive.tar;

import java.util.List;
import java.util.Map;

/**
 * One entry of a tar archive.
 *
 * @param name as in the archive; directories may end in a slash
 * @param mode permission bits with setuid, setgid and sticky: 0–07777
 * @param size bytes of content; 0 for everything but files
 * @param modified time of last modification
 * @param linkName target of a hard or symbolic link, otherwise empty
 * @param device numbers of a device node
 * @param xattrs extended attributes by full name, e.g. {@code security.capability}
 * @param segments of a sparse file: where the stored bytes belong, in order; empty for ordinary files
 */
public record TarEntry(
        String name,
        TarType type,
        int mode,
        long uid,
        long gid,
        String userName,
        String groupName,
        long size,
        TarTime modified,
        String linkName,
        Device device,
        Map<String, byte[]> xattrs,
        List<Segment> segments) {

    public TarEntry {
        xattrs = Map.copyOf(xattrs);
        segments = List.copyOf(segments);
    }

    /** Seconds since 1970 (may be negative) and nanoseconds 0–999999999. */
    public record TarTime(long seconds, int nanos) {}

    /** A device node's numbers. */
    public record Device(int major, int minor) {
        /** What everything but a device node has. */
        public static final Device NONE = new Device(0, 0);
    }

    /** A stretch of a sparse file that is stored. */
    public record Segment(long offset, long length) {}

    /** An entry owned by root without names, attributes, device or holes. */
    public static TarEntry of(String name, TarType type, int mode, long size, TarTime modified, String linkName) {
        return new TarEntry(name, type, mode, 0, 0, "", "", size, modified, linkName, Device.NONE, Map.of(), List.of());
    }

    /** A regular file owned by root. */
    public static TarEntry file(String name, int mode, long size, long seconds) {
        return of(name, TarType.FILE, mode, size, new TarTime(seconds, 0), "");
    }

    /** A directory owned by root. */
    public static TarEntry directory(String name, int mode, long seconds) {
        return of(name, TarType.DIRECTORY, mode, 0, new TarTime(seconds, 0), "");
    }

    /** Whether holes were left out of the stored content. */
    public boolean sparse() {
        return !segments.isEmpty();
    }
}
