package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Block I/O. */
@Json
public record BlkioStats(
        @Json.Property("io_service_bytes_recursive") @Nullable
        List<BlkioEntry> ioServiceBytesRecursive,

        @Json.Property("io_serviced_recursive") @Nullable List<BlkioEntry> ioServicedRecursive,
        @Json.Property("io_queue_recursive") @Nullable List<BlkioEntry> ioQueueRecursive,

        @Json.Property("io_service_time_recursive") @Nullable
        List<BlkioEntry> ioServiceTimeRecursive,

        @Json.Property("io_wait_time_recursive") @Nullable List<BlkioEntry> ioWaitTimeRecursive,
        @Json.Property("io_merged_recursive") @Nullable List<BlkioEntry> ioMergedRecursive,
        @Json.Property("io_time_recursive") @Nullable List<BlkioEntry> ioTimeRecursive,
        @Json.Property("sectors_recursive") @Nullable List<BlkioEntry> sectorsRecursive) {}
