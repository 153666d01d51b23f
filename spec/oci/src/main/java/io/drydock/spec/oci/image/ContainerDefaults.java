package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What containers of an image run with unless told otherwise. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record ContainerDefaults(
        @Json.Property("User") @Nullable String user,
        @Json.Property("ExposedPorts") Map<String, Map<String, Object>> exposedPorts,
        @Json.Property("Env") List<String> env,
        @Json.Property("Entrypoint") @Nullable List<String> entrypoint,
        @Json.Property("Cmd") @Nullable List<String> cmd,
        @Json.Property("Volumes") Map<String, Map<String, Object>> volumes,
        @Json.Property("WorkingDir") @Nullable String workingDir,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("StopSignal") @Nullable String stopSignal,
        @Json.Property("ArgsEscaped") @Nullable Boolean argsEscaped,
        @Json.Property("Healthcheck") @Nullable HealthCheck healthcheck,
        @Json.Property("OnBuild") List<String> onBuild,
        @Json.Property("Shell") @Nullable List<String> shell,
        @Json.Property("Hostname") @Nullable String hostname,
        @Json.Property("Domainname") @Nullable String domainname,
        @Json.Property("Tty") @Nullable Boolean tty,
        @Json.Property("OpenStdin") @Nullable Boolean openStdin,
        @Json.Property("StdinOnce") @Nullable Boolean stdinOnce,
        @Json.Property("AttachStdin") @Nullable Boolean attachStdin,
        @Json.Property("AttachStdout") @Nullable Boolean attachStdout,
        @Json.Property("AttachStderr") @Nullable Boolean attachStderr,
        @Json.Property("Image") @Nullable String image) {

    /** Absent texts and collections become empty. */
    public ContainerDefaults {
        exposedPorts = exposedPorts == null ? Map.of() : Collections.unmodifiableMap(exposedPorts);
        env = env == null ? List.of() : Collections.unmodifiableList(env);
        volumes = volumes == null ? Map.of() : Collections.unmodifiableMap(volumes);
        labels = labels == null ? Map.of() : Collections.unmodifiableMap(labels);
        onBuild = onBuild == null ? List.of() : Collections.unmodifiableList(onBuild);
    }
}
