package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Credentials for a registry. */
@Json
public record AuthConfig(
        @Nullable String username,
        @Nullable String password,
        @Nullable String auth,
        @Nullable String email,
        @Nullable String serveraddress,
        @Nullable String identitytoken,
        @Nullable String registrytoken) {}
