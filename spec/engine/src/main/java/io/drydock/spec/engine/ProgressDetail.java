package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** How far a step is, in bytes unless units says otherwise. */
@Json
public record ProgressDetail(
        @Nullable Long current,
        @Nullable Long total,
        @Nullable Boolean hidecounts,
        @Nullable String units) {}
