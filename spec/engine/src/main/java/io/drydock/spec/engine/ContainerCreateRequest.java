package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /containers/create}: a config with the host's part and the networks beside it. */
@Json
public record ContainerCreateRequest(
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
        @Json.Property("Shell") @Nullable List<String> shell,
        @Json.Property("HostConfig") @Nullable HostConfig hostConfig,
        @Json.Property("NetworkingConfig") @Nullable NetworkingConfig networkingConfig) {

    /** Absent members become their empty form. */
    public ContainerCreateRequest {
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

    /** The part that says what runs, without the host's and the networks' parts. */
    public ContainerConfig config() {
        return new ContainerConfig(
                hostname,
                domainname,
                user,
                attachStdin,
                attachStdout,
                attachStderr,
                exposedPorts,
                tty,
                openStdin,
                stdinOnce,
                env,
                cmd,
                healthcheck,
                argsEscaped,
                image,
                volumes,
                workingDir,
                entrypoint,
                networkDisabled,
                macAddress,
                onBuild,
                labels,
                stopSignal,
                stopTimeout,
                shell);
    }
}
