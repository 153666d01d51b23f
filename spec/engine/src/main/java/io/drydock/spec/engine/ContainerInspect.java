package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code GET /containers/{id}/json}. */
@Json
public record ContainerInspect(
        @Json.Property("Id") String id,
        @Json.Property("Created") String created,
        @Json.Property("Path") String path,
        @Json.Property("Args") List<String> args,
        @Json.Property("State") @Nullable ContainerState state,
        @Json.Property("Image") String image,
        @Json.Property("ResolvConfPath") String resolvConfPath,
        @Json.Property("HostnamePath") String hostnamePath,
        @Json.Property("HostsPath") String hostsPath,
        @Json.Property("LogPath") String logPath,
        @Json.Property("Name") String name,
        @Json.Property("RestartCount") int restartCount,
        @Json.Property("Driver") String driver,
        @Json.Property("Platform") String platform,
        @Json.Property("ImageManifestDescriptor") @Nullable Descriptor imageManifestDescriptor,
        @Json.Property("MountLabel") String mountLabel,
        @Json.Property("ProcessLabel") String processLabel,
        @Json.Property("AppArmorProfile") String appArmorProfile,
        @Json.Property("ExecIDs") @Nullable List<String> execIDs,
        @Json.Property("HostConfig") @Nullable HostConfig hostConfig,
        @Json.Property("GraphDriver") @Nullable GraphDriver graphDriver,
        @Json.Property("SizeRw") @Nullable Long sizeRw,
        @Json.Property("SizeRootFs") @Nullable Long sizeRootFs,
        @Json.Property("Mounts") List<MountPoint> mounts,
        @Json.Property("Config") @Nullable ContainerConfig config,
        @Json.Property("NetworkSettings") @Nullable NetworkSettings networkSettings) {

    /** Absent members become their empty form. */
    public ContainerInspect {
        id = id == null ? "" : id;
        created = created == null ? "" : created;
        path = path == null ? "" : path;
        args = args == null ? List.of() : args;
        image = image == null ? "" : image;
        resolvConfPath = resolvConfPath == null ? "" : resolvConfPath;
        hostnamePath = hostnamePath == null ? "" : hostnamePath;
        hostsPath = hostsPath == null ? "" : hostsPath;
        logPath = logPath == null ? "" : logPath;
        name = name == null ? "" : name;
        driver = driver == null ? "" : driver;
        platform = platform == null ? "" : platform;
        mountLabel = mountLabel == null ? "" : mountLabel;
        processLabel = processLabel == null ? "" : processLabel;
        appArmorProfile = appArmorProfile == null ? "" : appArmorProfile;
        mounts = mounts == null ? List.of() : mounts;
    }
}
