package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An OCI runtime. */
@Json
public record Runtime(
        @Nullable String path,
        @Nullable List<String> runtimeArgs,
        @Nullable String runtimeType,
        @Nullable Map<String, String> status) {}
