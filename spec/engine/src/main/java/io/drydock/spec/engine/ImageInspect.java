package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code GET /images/{name}/json}. */
@Json
public record ImageInspect(
        @Json.Property("Id") String id,
        @Json.Property("RepoTags") List<String> repoTags,
        @Json.Property("RepoDigests") List<String> repoDigests,
        @Json.Property("Parent") String parent,
        @Json.Property("Comment") String comment,
        @Json.Property("Created") String created,
        @Json.Property("DockerVersion") String dockerVersion,
        @Json.Property("Author") String author,
        @Json.Property("Config") @Nullable ContainerConfig config,
        @Json.Property("Architecture") String architecture,
        @Json.Property("Variant") @Nullable String variant,
        @Json.Property("Os") String os,
        @Json.Property("Size") long size,
        @Json.Property("GraphDriver") @Nullable GraphDriver graphDriver,
        @Json.Property("RootFS") @Nullable RootFs rootFS,
        @Json.Property("Metadata") @Nullable ImageMetadata metadata,
        @Json.Property("Descriptor") @Nullable Descriptor descriptor,
        @Json.Property("Manifests") @Nullable List<ImageManifestSummary> manifests) {

    /** Absent members become their empty form. */
    public ImageInspect {
        id = id == null ? "" : id;
        repoTags = repoTags == null ? List.of() : repoTags;
        repoDigests = repoDigests == null ? List.of() : repoDigests;
        parent = parent == null ? "" : parent;
        comment = comment == null ? "" : comment;
        created = created == null ? "" : created;
        dockerVersion = dockerVersion == null ? "" : dockerVersion;
        author = author == null ? "" : author;
        architecture = architecture == null ? "" : architecture;
        os = os == null ? "" : os;
    }
}
