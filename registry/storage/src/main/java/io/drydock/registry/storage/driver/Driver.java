package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a registry's files are: a directory, memory or a bucket. What is above knows the layout, a driver knows files.
 *
 * <p>A path is relative to the storage's root, of words with a slash between them: {@code docker/registry/v2/blobs}. It does not
 * begin or end with one. Paths have been checked by who makes them. A directory is there because something is in it, or (where
 * {@link #keepsDirectories()}) has been.
 *
 * <pre>
 * small files   write, writeIf, read, delete           one at a time a reader sees all of the old or all of the new
 * large files   append … append, seal, move, open      grow by pieces, also in several processes, then get their name
 *               create … commit                        are written under their name at once (object stores)
 * </pre>
 *
 * <p>What a method has done outlives a power cut when it returns, unless it says otherwise. Safe for threads, and for other
 * processes with a driver for the same files. All methods throw an IOException when the storage fails.
 */
public interface Driver extends AutoCloseable {
    /** What it is called in configurations and on the health page. */
    String name();

    /** A small file's bytes; empty if there is none. */
    Optional<byte[]> read(String path) throws IOException;

    /** Replaces a small file as a whole, making the directories that are missing. */
    void write(String path, byte[] bytes) throws IOException;

    /** As {@link #write}, of something that a power cut may take. */
    default void writeLightly(String path, byte[] bytes) throws IOException {
        write(path, bytes);
    }

    /**
     * Compares and sets a small file: replaces it only if it is what the caller believes. All that goes by this method, in whatever
     * process, is in order.
     *
     * @param expected what the file holds now; empty for no file
     * @return false if it holds something else, and nothing was written
     */
    boolean writeIf(String path, Optional<byte[]> expected, byte[] bytes) throws IOException;

    /** A file for reading, empty if there is none. The caller closes it. */
    Optional<Content> open(String path) throws IOException;

    /** What is known about a file or directory, empty if there is none. */
    Optional<Stat> stat(String path) throws IOException;

    /** Whether there is a file or directory. */
    default boolean exists(String path) throws IOException {
        return stat(path).isPresent();
    }

    /** When a file was last written or {@linkplain #touch touched}; empty if there is none. */
    Optional<Instant> lastUsed(String path) throws IOException;

    /**
     * Notes that a file is in use, unless its time already says so to within half a minute (an object store: an hour). False if there is
     * none.
     */
    boolean touch(String path) throws IOException;

    /**
     * Goes on writing at the end of a file that grows, which is made if it is missing. One writer at a time.
     *
     * @return closing it keeps what has been written, without a promise for power cuts
     */
    Appender append(String path) throws IOException;

    /** How many bytes a file that grows has; empty if there is none. */
    Optional<Long> appended(String path) throws IOException;

    /** What a growing file has, for reading while it grows; empty if this driver cannot, or there is none. */
    default Optional<FileChannel> growing(String path) throws IOException {
        return Optional.empty();
    }

    /** Ends a file's growing: then it is a file as any other, for {@link #open} and {@link #move}. */
    void seal(String path) throws IOException;

    /** Begins a file that appears under its name when it is committed; empty where only {@link #append} does this well. */
    default Optional<Creation> create(String path) throws IOException {
        return Optional.empty();
    }

    /** Gives a sealed file another name, replacing what is there. */
    void move(String from, String to) throws IOException;

    /** Removes a file; false if there is none. */
    boolean delete(String path) throws IOException;

    /** Removes a file, or a directory with all that is in it; nothing happens if there is none. */
    void deleteTree(String path) throws IOException;

    /** Removes a directory and those above it while they are empty, up to one that stays. */
    default void prune(String directory, String stays) throws IOException {}

    /**
     * A page of the sorted names in a directory; empty if it is none. Costs the page where the driver can.
     *
     * @param after the names behind this one; may be empty
     * @param most so many at most
     */
    List<String> list(String directory, String after, int most) throws IOException;

    /** All names in a directory, sorted; empty if it is none. */
    default List<String> list(String directory) throws IOException {
        return list(directory, "", Integer.MAX_VALUE);
    }

    /** Whether a directory may be there with nothing in it, and its time tells when a name in it came or went. */
    boolean keepsDirectories();

    /** Where a client can get a file by itself for a while; empty if it has to come from here. */
    default Optional<URI> redirect(String path, String method, Duration lifetime) throws IOException {
        return Optional.empty();
    }

    /** Why the storage cannot be used at the moment; empty if it can. */
    Optional<String> failure();

    @Override
    default void close() throws IOException {}

    /**
     * What is known about a file.
     *
     * @param size in bytes; 0 for a directory
     * @param modified when it was last written, or {@link Instant#EPOCH} for a directory of a driver that does not know
     */
    record Stat(long size, Instant modified, boolean directory) {}

    /** The end of a growing file. */
    interface Appender extends AutoCloseable {
        /** Bytes until now. */
        long size();

        void write(byte[] bytes, int offset, int length) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A file that is not there yet. Closing it without a commit leaves nothing. */
    interface Creation extends AutoCloseable {
        /** Bytes until now. */
        long size();

        void write(byte[] bytes, int offset, int length) throws IOException;

        void commit() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A file that is read. */
    interface Content extends AutoCloseable {
        /** In bytes. */
        long size();

        /** A part of it; {@code offset + count} is at most the size. */
        InputStream stream(long offset, long count) throws IOException;

        /** The file itself, for the kernel to send, if there is one. It is closed with this. */
        default Optional<FileChannel> file() {
            return Optional.empty();
        }

        @Override
        void close() throws IOException;
    }
}
