package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** What a removal did: one of the two is set. */
@Json
public record ImageDeleteItem(
        @Json.Property("Untagged") @Nullable String untagged,
        @Json.Property("Deleted") @Nullable String deleted) {}
