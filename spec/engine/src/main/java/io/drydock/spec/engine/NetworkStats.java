package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Counters of one interface. */
@Json
public record NetworkStats(
        @Json.Property("rx_bytes") long rxBytes,
        @Json.Property("rx_packets") long rxPackets,
        @Json.Property("rx_errors") long rxErrors,
        @Json.Property("rx_dropped") long rxDropped,
        @Json.Property("tx_bytes") long txBytes,
        @Json.Property("tx_packets") long txPackets,
        @Json.Property("tx_errors") long txErrors,
        @Json.Property("tx_dropped") long txDropped) {}
