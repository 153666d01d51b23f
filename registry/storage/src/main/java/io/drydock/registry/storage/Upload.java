package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** What has come of one blob. Its methods exclude each other. */
public sealed interface Upload permits SessionUpload, NamedUpload {
    /** Names the session; a UUID. */
    String id();

    /** Bytes that have come. */
    long size() throws IOException;

    /**
     * What has come so far, for reading while more comes; it stays readable when the upload has ended. Empty if the storage cannot,
     * or the upload has ended. The caller closes it.
     */
    Optional<FileChannel> growing() throws IOException;

    /**
     * Appends all of a stream. What had come before a failure stays.
     *
     * @param offset where the stream begins, or -1 for where the upload is
     * @return false if the upload is elsewhere
     */
    boolean append(long offset, InputStream in) throws IOException;

    /** Makes it a blob if it has that digest, and drops it if not; false then. */
    boolean finish(Digest digest) throws IOException;

    /** Ends it without a blob. */
    void cancel() throws IOException;
}
