package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Blobs;
import io.drydock.registry.storage.Manifests;
import io.drydock.registry.storage.Names;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Manifests by tag or digest: GET, HEAD, PUT, DELETE. They are kept byte for byte. */
final class ManifestRoutes {
    private static final int LONGEST = 4 << 20;

    private final Manifests manifests;
    private final Blobs blobs;
    private final Locations locations;
    private final boolean deletes;

    /** @param deletes whether manifests may be deleted */
    ManifestRoutes(Manifests manifests, Blobs blobs, Locations locations, boolean deletes) {
        this.manifests = manifests;
        this.blobs = blobs;
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
                : manifests.tagged(repository, tag(reference)).orElseThrow(ApiError::manifestUnknown);
        var bytes = manifests.get(repository, digest).orElseThrow(ApiError::manifestUnknown);
        var response = exchange.response();
        response.header("Docker-Content-Digest", digest.toString()).header("ETag", "\"" + digest + "\"");
        if (("\"" + digest + "\"").equals(exchange.request().header("If-None-Match"))) {
            response.status(304);
            return;
        }
        response.send(mediaType(bytes), bytes);
    }

    /** What a stored manifest was pushed as: its own claim, or what its members show. */
    private static String mediaType(byte[] bytes) {
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
            throw new ApiError(413, "MANIFEST_INVALID", "manifest is larger than 4 MiB");
        }
        check(repository, bytes, exchange.request().header("Content-Type"));
        Digest digest;
        if (isDigest(reference)) {
            digest = Call.digest(reference);
            var hasher = digest.newHasher();
            hasher.update(bytes);
            if (!digest.finish(hasher).equals(digest)) {
                throw ApiError.digestInvalid("provided digest did not match uploaded content");
            }
            manifests.put(repository, digest, bytes);
        } else {
            var tag = tag(reference);
            digest = Digest.sha256(bytes);
            manifests.put(repository, digest, bytes);
            manifests.tag(repository, tag, digest);
        }
        exchange.response()
                .status(201)
                .header("Location", locations.manifest(exchange, repository, digest))
                .header("Docker-Content-Digest", digest.toString())
                .send(new byte[0]);
    }

    private void check(String repository, byte[] bytes, @Nullable String contentType) {
        Manifest manifest;
        Index index;
        try {
            manifest = OciJson.read(Manifest.class, bytes);
            index = OciJson.read(Index.class, bytes);
        } catch (IllegalArgumentException e) {
            throw ApiError.manifestInvalid("manifest invalid: " + e.getMessage());
        }
        boolean layers = manifest.config() != null || !manifest.layers().isEmpty();
        if (layers && !index.manifests().isEmpty()) {
            throw ApiError.manifestInvalid("manifest invalid: it has both layers and manifests");
        }
        var type = manifest.mediaType() == null || manifest.mediaType().isEmpty() ? contentType : manifest.mediaType();
        if (type == null || !MediaTypes.isManifest(type) && !MediaTypes.isIndex(type)) {
            throw ApiError.manifestInvalid("manifest invalid: unsupported media type " + type);
        }
        if (contentType != null && !contentType.split(";")[0].strip().equals(type)) {
            throw ApiError.manifestInvalid("manifest invalid: it is " + type + ", not " + contentType);
        }
        if (manifest.config() != null) {
            needBlob(repository, manifest.config());
        }
        manifest.layers().forEach(layer -> needBlob(repository, layer));
    }

    private void needBlob(String repository, Descriptor blob) {
        // layers that may not be distributed are elsewhere
        if (blob.urls().isEmpty() && !blobs.has(repository, Call.digest(blob.digest()))) {
            throw new ApiError(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry: " + blob.digest());
        }
    }

    void delete(Exchange exchange) throws IOException {
        if (!deletes) {
            throw ApiError.unsupported();
        }
        var repository = Call.repository(exchange);
        var reference = exchange.path("reference");
        boolean gone = isDigest(reference)
                ? manifests.delete(repository, Call.digest(reference))
                : manifests.deleteTag(repository, tag(reference));
        if (!gone) {
            throw ApiError.manifestUnknown();
        }
        exchange.response().status(202).send(new byte[0]);
    }
}
