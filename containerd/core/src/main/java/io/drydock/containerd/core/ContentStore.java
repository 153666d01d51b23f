package io.drydock.containerd.core;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Blobs by digest. A blob comes by an ingest: a named place to write to that survives its writer, so that an interrupted
 * transfer goes on where it stopped.
 *
 * <pre>
 *   try (var ingest = store.ingest("moby", "", "layer-sha256:ab…", 1024, "sha256:ab…")) {
 *       // resumed? then ingest.offset() > 0, and the source is asked for the rest
 *       ingest.write(bytes);
 *       ingest.commit(1024, "sha256:ab…", labels);     // now it is a blob; nobody sees half of one
 *   }                                                  // closed without commit: what was written is kept for later
 * </pre>
 *
 * <p>Names are a namespace's own; a blob is on disk once. All methods throw {@link ContainerdError} with the codes of the
 * original: NOT_FOUND, ALREADY_EXISTS (the blob is there), UNAVAILABLE (another writer has the ref), OUT_OF_RANGE,
 * FAILED_PRECONDITION (size or digest is not the expected one).
 */
public interface ContentStore {
    /** What is known of a blob; size in bytes. */
    record Info(String digest, long size, Instant createdAt, Instant updatedAt, Map<String, String> labels) {}

    /** How far an ingest is; offset and total in bytes, total 0 if unknown; expected digest empty if unknown. */
    record Status(String ref, long offset, long total, String expected, Instant startedAt, Instant updatedAt) {}

    Info info(String namespace, String digest);

    /** Changes labels as the field mask's paths say; all of them without paths. */
    Info updateLabels(String namespace, String digest, Map<String, String> labels, Iterable<String> paths);

    List<Info> list(String namespace, Filter filter);

    /** Forgets the blob in this namespace; its bytes go when no namespace knows it. */
    void delete(String namespace, String digest);

    /** The blob's bytes, read only. The caller closes it. */
    FileChannel open(String namespace, String digest) throws IOException;

    Status status(String namespace, String ref);

    List<Status> statuses(String namespace, Filter filter);

    /** Drops an ingest and what was written to it. */
    void abort(String namespace, String ref);

    /** As {@link #abort}, without an error if there is no such ingest. */
    default void abortIfThere(String namespace, String ref) {
        try {
            abort(namespace, ref);
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.NOT_FOUND) {
                throw e;
            }
        }
    }

    /**
     * Opens an ingest, new or resumed, for this caller alone.
     *
     * @param lease that holds the ingest and the blob it becomes, empty for none
     * @param total size in bytes, 0 if unknown
     * @param expected digest, empty if unknown
     */
    Ingest ingest(String namespace, String lease, String ref, long total, String expected) throws IOException;

    /** An open ingest. Used by one thread at a time. */
    interface Ingest extends AutoCloseable {
        long offset();

        Status status();

        /** The digest of what has been written so far. */
        String digest();

        void write(byte[] bytes, int offset, int length) throws IOException;

        /** What is written to it is written to this ingest; closing it changes nothing. */
        default OutputStream stream() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    Ingest.this.write(bytes, offset, length);
                }
            };
        }

        /** Throws away what was written. */
        void restart() throws IOException;

        /**
         * Makes it a blob, durably, and answers its digest.
         *
         * @param size expected size in bytes, 0 if unknown
         * @param expected expected digest, empty if unknown
         */
        String commit(long size, String expected, Map<String, String> labels) throws IOException;

        /** Lets go of the ref. What was written stays for another writer. */
        @Override
        void close() throws IOException;
    }
}
