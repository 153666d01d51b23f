package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Limits of a control group. Source: OCI runtime-spec 1.3. */
@Json
public record Resources(
        List<DeviceRule> devices,
        @Nullable Memory memory,
        @Nullable Cpu cpu,
        @Nullable Pids pids,
        @Nullable BlockIO blockIO,
        List<HugepageLimit> hugepageLimits,
        @Nullable Network network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {

    /** Absent texts and collections become empty. */
    public Resources {
        devices = devices == null ? List.of() : Collections.unmodifiableList(devices);
        hugepageLimits = hugepageLimits == null ? List.of() : Collections.unmodifiableList(hugepageLimits);
        rdma = rdma == null ? Map.of() : Collections.unmodifiableMap(rdma);
        unified = unified == null ? Map.of() : Collections.unmodifiableMap(unified);
    }
}
