package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Processes. */
@Json
public record PidsStats(@Nullable Long current, @Nullable Long limit) {}
