package io.drydock.containerd.client;

import io.drydock.spec.containerd.services.content.v1.Status;
import java.time.Instant;

/**
 * How far an ingest is.
 *
 * @param offset bytes that are there
 * @param total bytes of the whole, 0 if unknown
 * @param expected digest, empty if unknown
 */
public record IngestStatus(String ref, long offset, long total, String expected, Instant startedAt, Instant updatedAt) {
    static IngestStatus of(Status status) {
        return new IngestStatus(
                status.getRef(),
                status.getOffset(),
                status.getTotal(),
                status.getExpected(),
                Connection.instant(status.getStartedAt()),
                Connection.instant(status.getUpdatedAt()));
    }
}
