package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** The containerd in use. */
@Json
public record ContainerdInfo(
        @Json.Property("Address") String address,
        @Json.Property("Namespaces") @Nullable ContainerdNamespaces namespaces) {

    /** Absent members become their empty form. */
    public ContainerdInfo {
        address = address == null ? "" : address;
    }
}
