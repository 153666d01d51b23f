package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Manifests;
import io.drydock.registry.storage.Names;
import io.drydock.registry.storage.References;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Manifests by tag or digest: GET, HEAD, PUT, DELETE. They are kept byte for byte. */
final class ManifestRoutes {
    private static final int LONGEST = 4 << 20;

    private final Manifests manifests;
    private final Notifications notifications;
    private final Locations locations;
    private final boolean deletes;

    /** @param deletes whether manifests may be deleted */
    ManifestRoutes(Manifests manifests, Notifications notifications, Locations locations, boolean deletes) {
        this.manifests = manifests;
        this.notifications = notifications;
        this.locations = locations;
        this.deletes = deletes;
    }

    private static boolean isDigest(String reference) {
        return reference.indexOf(':') > 0;
    }

    private static String tag(String reference) {
        if (!Names.isTag(reference)) {
            throw new ApiError(400, "TAG_INVALID", "manifest tag did not match URI");
        }
        return reference;
    }

    void get(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var reference = exchange.path("reference");
        var digest = isDigest(reference)
                ? Call.digest(reference)
                : manifests.tagged(repository, tag(reference)).orElseThrow(() -> ApiError.tagUnknown(reference));
        var bytes = manifests.get(repository, digest).orElseThrow(() -> ApiError.manifestUnknown(repository, digest));
        var response = exchange.response();
        response.header("Docker-Content-Digest", digest.toString()).header("ETag", "\"" + digest + "\"");
        if (("\"" + digest + "\"").equals(exchange.request().header("If-None-Match"))) {
            response.status(304);
            return;
        }
        notifications.manifest(exchange, "pull", repository, digest, isDigest(reference) ? "" : reference, bytes);
        response.send(mediaType(bytes), bytes);
    }

    /** What a stored manifest was pushed as: its own claim, or what its members show. */
    static String mediaType(byte[] bytes) {
        var manifest = OciJson.read(Manifest.class, bytes);
        if (manifest.mediaType() != null && !manifest.mediaType().isEmpty()) {
            return manifest.mediaType();
        }
        return manifest.config() != null ? MediaTypes.MANIFEST : MediaTypes.INDEX;
    }

    void put(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var reference = exchange.path("reference");
        var bytes = exchange.request().body().readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new ApiError(413, "MANIFEST_INVALID", "manifest invalid", "\"larger than 4 MiB\"");
        }
        var references = check(bytes, exchange.request().header("Content-Type"));
        var tags = new ArrayList<String>();
        Digest digest;
        if (isDigest(reference)) {
            digest = Call.digest(reference);
            var hasher = digest.newHasher();
            hasher.update(bytes);
            if (!digest.finish(hasher).equals(digest)) {
                throw ApiError.digestInvalid("the manifest has another digest");
            }
            exchange.request().query().all("tag").forEach(tag -> tags.add(tag(tag)));
        } else {
            digest = Digest.sha256(bytes);
            tags.add(tag(reference));
        }
        var condition = isDigest(reference) ? null : TagCondition.of(exchange.request());
        var missing = manifests.put(
                repository,
                digest,
                bytes,
                references.blobs(),
                references.manifests(),
                condition == null ? tags : List.of());
        if (!missing.isEmpty()) {
            throw new ApiError(
                    400,
                    "MANIFEST_BLOB_UNKNOWN",
                    "blob unknown to registry",
                    Json.text(missing.getFirst().toString()));
        }
        if (condition != null && !manifests.retag(repository, reference, condition.expected(), digest)) {
            throw new ApiError(412, "DENIED", "the tag stands for something else");
        }
        notifications.manifest(exchange, "push", repository, digest, tags.isEmpty() ? "" : tags.getFirst(), bytes);
        var response = exchange.response();
        references.subject().ifPresent(subject -> response.header("OCI-Subject", subject.toString()));
        if (isDigest(reference) && !tags.isEmpty()) {
            response.header("OCI-Tag", String.join(", ", tags));
        }
        response.status(201)
                .header("Location", locations.manifest(exchange, repository, digest))
                .header("Docker-Content-Digest", digest.toString())
                .send(new byte[0]);
    }

    /** What a manifest refers to, if it is one and of the type that it is sent as. */
    private static References check(byte[] bytes, @Nullable String contentType) {
        Manifest manifest;
        Index index;
        References references;
        try {
            manifest = OciJson.read(Manifest.class, bytes);
            index = OciJson.read(Index.class, bytes);
            references = References.of(bytes);
        } catch (IllegalArgumentException e) {
            throw ApiError.manifestInvalid(String.valueOf(e.getMessage()));
        }
        boolean layers = manifest.config() != null || !manifest.layers().isEmpty();
        if (layers && !index.manifests().isEmpty()) {
            throw ApiError.manifestInvalid("it has both layers and manifests");
        }
        var type = manifest.mediaType() == null || manifest.mediaType().isEmpty() ? contentType : manifest.mediaType();
        if (type == null || !MediaTypes.isManifest(type) && !MediaTypes.isIndex(type)) {
            throw ApiError.manifestInvalid("unsupported media type " + type);
        }
        if (contentType != null && !contentType.split(";")[0].strip().equals(type)) {
            throw ApiError.manifestInvalid("it is " + type + ", not " + contentType);
        }
        return references;
    }

    void delete(Exchange exchange) throws IOException {
        if (!deletes) {
            throw ApiError.unsupported();
        }
        var repository = Call.repository(exchange);
        var reference = exchange.path("reference");
        if (isDigest(reference)) {
            var digest = Call.digest(reference);
            var tags = notifications.isWanted() ? manifests.tagsOf(repository, digest) : List.<String>of();
            if (!manifests.delete(repository, digest)) {
                throw ApiError.manifestUnknown(repository, digest);
            }
            notifications.deleted(exchange, repository, digest);
            for (var tag : tags) {
                notifications.untagged(exchange, repository, tag);
            }
        } else {
            if (!manifests.deleteTag(repository, tag(reference))) {
                throw ApiError.tagUnknown(reference);
            }
            notifications.untagged(exchange, repository, reference);
        }
        exchange.response().status(202).send(new byte[0]);
    }

    /** Deletes all of a repository; garbage collection frees the space. An addition of ours to the specification. */
    void deleteRepository(Exchange exchange) throws IOException {
        if (!deletes) {
            throw ApiError.unsupported();
        }
        var repository = Call.repository(exchange);
        if (!manifests.deleteRepository(repository)) {
            throw ApiError.nameUnknown(repository);
        }
        notifications.repositoryDeleted(exchange, repository);
        exchange.response().status(202).send(new byte[0]);
    }
}
