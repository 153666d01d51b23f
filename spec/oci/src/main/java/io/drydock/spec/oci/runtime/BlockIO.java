package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Block I/O weights and rates. Source: OCI runtime-spec 1.3. */
@Json
public record BlockIO(
        @Nullable Integer weight,
        @Nullable Integer leafWeight,
        List<WeightDevice> weightDevice,
        List<ThrottleDevice> throttleReadBpsDevice,
        List<ThrottleDevice> throttleWriteBpsDevice,
        List<ThrottleDevice> throttleReadIOPSDevice,
        List<ThrottleDevice> throttleWriteIOPSDevice) {

    /** Absent texts and collections become empty. */
    public BlockIO {
        weightDevice = weightDevice == null ? List.of() : Collections.unmodifiableList(weightDevice);
        throttleReadBpsDevice =
                throttleReadBpsDevice == null ? List.of() : Collections.unmodifiableList(throttleReadBpsDevice);
        throttleWriteBpsDevice =
                throttleWriteBpsDevice == null ? List.of() : Collections.unmodifiableList(throttleWriteBpsDevice);
        throttleReadIOPSDevice =
                throttleReadIOPSDevice == null ? List.of() : Collections.unmodifiableList(throttleReadIOPSDevice);
        throttleWriteIOPSDevice =
                throttleWriteIOPSDevice == null ? List.of() : Collections.unmodifiableList(throttleWriteIOPSDevice);
    }
}
