package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Bytes of storage; always empty on Linux. */
@Json
public record StorageStats(
        @Json.Property("read_count_normalized") @Nullable Long readCountNormalized,
        @Json.Property("read_size_bytes") @Nullable Long readSizeBytes,
        @Json.Property("write_count_normalized") @Nullable Long writeCountNormalized,
        @Json.Property("write_size_bytes") @Nullable Long writeSizeBytes) {}
