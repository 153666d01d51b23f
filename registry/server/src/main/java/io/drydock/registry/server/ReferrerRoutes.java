package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Manifests;
import io.drydock.registry.storage.Referrers;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is about a manifest: signatures, bills of materials. Source: OCI distribution-spec 1.1, "Listing Referrers". */
final class ReferrerRoutes {
    private final Manifests manifests;
    private final Referrers referrers;

    ReferrerRoutes(Manifests manifests, Referrers referrers) {
        this.manifests = manifests;
        this.referrers = referrers;
    }

    void list(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var subject = Call.digest(exchange.path("digest"));
        var wanted = exchange.request().query().get("artifactType", "");
        var found = new ArrayList<Descriptor>();
        for (var digest : digests(repository, subject)) {
            var bytes = manifests.get(repository, digest);
            if (bytes.isPresent()) {
                var descriptor = descriptor(digest, bytes.get());
                if (wanted.isEmpty() || wanted.equals(descriptor.artifactType())) {
                    found.add(descriptor);
                }
            }
        }
        if (!wanted.isEmpty()) {
            exchange.response().header("OCI-Filters-Applied", "artifactType");
        }
        // "manifests" must be there even if it is empty, unlike in the records
        var members = found.stream()
                .map(descriptor -> new String(OciJson.write(Descriptor.class, descriptor), StandardCharsets.UTF_8))
                .toList();
        exchange.response()
                .send(
                        MediaTypes.INDEX,
                        "{\"schemaVersion\":2,\"mediaType\":" + Json.text(MediaTypes.INDEX) + ",\"manifests\":["
                                + String.join(",", members) + "]}");
    }

    private Set<Digest> digests(String repository, Digest subject) throws IOException {
        var all = new LinkedHashSet<>(referrers.of(repository, subject));
        // what clients kept in a tag while the registry could not list referrers
        var fallback = manifests.tagged(repository, subject.algorithm() + "-" + subject.hex());
        if (fallback.isPresent()) {
            var bytes = manifests.get(repository, fallback.get());
            if (bytes.isPresent()) {
                OciJson.read(Index.class, bytes.get()).manifests().stream()
                        .map(Descriptor::digest)
                        .filter(Digest::isDigest)
                        .map(Digest::parse)
                        .forEach(all::add);
            }
        }
        return all;
    }

    private static Descriptor descriptor(Digest digest, byte[] bytes) {
        var manifest = OciJson.read(Manifest.class, bytes);
        return new Descriptor(
                ManifestRoutes.mediaType(bytes),
                digest.toString(),
                bytes.length,
                List.of(),
                manifest.annotations(),
                null,
                null,
                artifactType(manifest));
    }

    private static @Nullable String artifactType(Manifest manifest) {
        if (manifest.artifactType() != null && !manifest.artifactType().isEmpty()) {
            return manifest.artifactType();
        }
        return manifest.config() == null ? null : manifest.config().mediaType();
    }
}
