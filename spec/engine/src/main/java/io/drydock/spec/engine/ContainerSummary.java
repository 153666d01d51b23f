package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of {@code GET /containers/json}; created is seconds since the epoch. */
@Json
public record ContainerSummary(
        @Json.Property("Id") String id,
        @Json.Property("Names") List<String> names,
        @Json.Property("Image") String image,
        @Json.Property("ImageID") String imageID,
        @Json.Property("ImageManifestDescriptor") @Nullable Descriptor imageManifestDescriptor,
        @Json.Property("Command") String command,
        @Json.Property("Created") long created,
        @Json.Property("Ports") List<PortSummary> ports,
        @Json.Property("SizeRw") @Nullable Long sizeRw,
        @Json.Property("SizeRootFs") @Nullable Long sizeRootFs,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("State") String state,
        @Json.Property("Status") String status,
        @Json.Property("HostConfig") @Nullable SummaryHostConfig hostConfig,
        @Json.Property("NetworkSettings") @Nullable SummaryNetworkSettings networkSettings,
        @Json.Property("Mounts") List<MountPoint> mounts,
        @Json.Property("Health") @Nullable SummaryHealth health) {

    /** Absent members become their empty form. */
    public ContainerSummary {
        id = id == null ? "" : id;
        names = names == null ? List.of() : names;
        image = image == null ? "" : image;
        imageID = imageID == null ? "" : imageID;
        command = command == null ? "" : command;
        ports = ports == null ? List.of() : ports;
        labels = labels == null ? Map.of() : labels;
        state = state == null ? "" : state;
        status = status == null ? "" : status;
        mounts = mounts == null ? List.of() : mounts;
    }

    /** As clients know it that are older than that member. */
    public ContainerSummary withoutHealth() {
        return new ContainerSummary(
                id,
                names,
                image,
                imageID,
                imageManifestDescriptor,
                command,
                created,
                ports,
                sizeRw,
                sizeRootFs,
                labels,
                state,
                status,
                hostConfig,
                networkSettings,
                mounts,
                null);
    }
}
