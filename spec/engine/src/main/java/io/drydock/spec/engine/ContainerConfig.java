package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a container, independent of the host ({@code Config} in the API). Absent texts are "", absent lists
 * empty; an absent entrypoint, command or health check is null because it means "as the image says".
 */
@Json
public record ContainerConfig(
        @Json.Property("Hostname") String hostname,
        @Json.Property("Domainname") String domainname,
        @Json.Property("User") String user,
        @Json.Property("AttachStdin") boolean attachStdin,
        @Json.Property("AttachStdout") boolean attachStdout,
        @Json.Property("AttachStderr") boolean attachStderr,
        @Json.Property("ExposedPorts") Map<String, Map<String, Object>> exposedPorts,
        @Json.Property("Tty") boolean tty,
        @Json.Property("OpenStdin") boolean openStdin,
        @Json.Property("StdinOnce") boolean stdinOnce,
        @Json.Property("Env") List<String> env,
        @Json.Property("Cmd") @Nullable List<String> cmd,
        @Json.Property("Healthcheck") @Nullable HealthConfig healthcheck,
        @Json.Property("ArgsEscaped") @Nullable Boolean argsEscaped,
        @Json.Property("Image") String image,
        @Json.Property("Volumes") Map<String, Map<String, Object>> volumes,
        @Json.Property("WorkingDir") String workingDir,
        @Json.Property("Entrypoint") @Nullable List<String> entrypoint,
        @Json.Property("NetworkDisabled") @Nullable Boolean networkDisabled,
        @Json.Property("MacAddress") @Nullable String macAddress,
        @Json.Property("OnBuild") @Nullable List<String> onBuild,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("StopSignal") @Nullable String stopSignal,
        @Json.Property("StopTimeout") @Nullable Integer stopTimeout,
        @Json.Property("Shell") @Nullable List<String> shell) {

    /** Absent members become their empty form. */
    public ContainerConfig {
        hostname = hostname == null ? "" : hostname;
        domainname = domainname == null ? "" : domainname;
        user = user == null ? "" : user;
        exposedPorts = exposedPorts == null ? Map.of() : exposedPorts;
        env = env == null ? List.of() : env;
        image = image == null ? "" : image;
        volumes = volumes == null ? Map.of() : volumes;
        workingDir = workingDir == null ? "" : workingDir;
        labels = labels == null ? Map.of() : labels;
    }
}
