package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One sample of a container; os_type only when it does not run. */
@Json
public record ContainerStats(
        String id,
        String name,
        @Json.Property("os_type") @Nullable String osType,
        String read,
        String preread,
        @Json.Property("cpu_stats") @Nullable CpuStats cpuStats,
        @Json.Property("precpu_stats") @Nullable CpuStats precpuStats,
        @Json.Property("memory_stats") @Nullable MemoryStats memoryStats,
        @Nullable Map<String, NetworkStats> networks,
        @Json.Property("pids_stats") @Nullable PidsStats pidsStats,
        @Json.Property("blkio_stats") @Nullable BlkioStats blkioStats,
        @Json.Property("num_procs") int numProcs,
        @Json.Property("storage_stats") @Nullable StorageStats storageStats) {

    /** Absent members become their empty form. */
    public ContainerStats {
        id = id == null ? "" : id;
        name = name == null ? "" : name;
        read = read == null ? "" : read;
        preread = preread == null ? "" : preread;
    }
}
