package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/** A request to a device driver such as a GPU's. */
@Json
public record DeviceRequest(
        @Json.Property("Driver") String driver,
        @Json.Property("Count") int count,
        @Json.Property("DeviceIDs") List<String> deviceIDs,
        @Json.Property("Capabilities") List<List<String>> capabilities,
        @Json.Property("Options") Map<String, String> options) {

    /** Absent members become their empty form. */
    public DeviceRequest {
        driver = driver == null ? "" : driver;
        deviceIDs = deviceIDs == null ? List.of() : deviceIDs;
        capabilities = capabilities == null ? List.of() : capabilities;
        options = options == null ? Map.of() : options;
    }
}
