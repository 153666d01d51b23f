package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code GET /version}. */
@Json
public record SystemVersion(
        @Json.Property("Platform") @Nullable VersionPlatform platform,
        @Json.Property("Components") List<VersionComponent> components,
        @Json.Property("Version") String version,
        @Json.Property("ApiVersion") String apiVersion,
        @Json.Property("MinAPIVersion") String minAPIVersion,
        @Json.Property("GitCommit") String gitCommit,
        @Json.Property("GoVersion") String goVersion,
        @Json.Property("Os") String os,
        @Json.Property("Arch") String arch,
        @Json.Property("KernelVersion") String kernelVersion,
        @Json.Property("Experimental") @Nullable Boolean experimental,
        @Json.Property("BuildTime") String buildTime) {

    /** Absent members become their empty form. */
    public SystemVersion {
        components = components == null ? List.of() : components;
        version = version == null ? "" : version;
        apiVersion = apiVersion == null ? "" : apiVersion;
        minAPIVersion = minAPIVersion == null ? "" : minAPIVersion;
        gitCommit = gitCommit == null ? "" : gitCommit;
        goVersion = goVersion == null ? "" : goVersion;
        os = os == null ? "" : os;
        arch = arch == null ? "" : arch;
        kernelVersion = kernelVersion == null ? "" : kernelVersion;
        buildTime = buildTime == null ? "" : buildTime;
    }
}
