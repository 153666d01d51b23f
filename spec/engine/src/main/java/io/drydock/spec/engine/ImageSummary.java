package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of {@code GET /images/json}; created is seconds since the epoch, -1 means not computed. */
@Json
public record ImageSummary(
        @Json.Property("Id") String id,
        @Json.Property("ParentId") String parentId,
        @Json.Property("RepoTags") List<String> repoTags,
        @Json.Property("RepoDigests") List<String> repoDigests,
        @Json.Property("Created") long created,
        @Json.Property("Size") long size,
        @Json.Property("SharedSize") long sharedSize,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("Containers") long containers,
        @Json.Property("Descriptor") @Nullable Descriptor descriptor,
        @Json.Property("Manifests") @Nullable List<ImageManifestSummary> manifests) {

    /** Absent members become their empty form. */
    public ImageSummary {
        id = id == null ? "" : id;
        parentId = parentId == null ? "" : parentId;
        repoTags = repoTags == null ? List.of() : repoTags;
        repoDigests = repoDigests == null ? List.of() : repoDigests;
        labels = labels == null ? Map.of() : labels;
    }
}
