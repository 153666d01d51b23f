package io.drydock.registry.server;

import io.drydock.image.archive.bundle.BundleWriter;
import io.drydock.registry.storage.Storage;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Images of the storage into an archive that is an OCI layout and has Docker's {@code manifest.json}. Used once. */
final class ImageExport {
    private final Storage storage;
    private final BundleWriter archive;
    /** Whose blobs are being written. */
    private String repository = "";

    ImageExport(Storage storage, OutputStream out) throws IOException {
        this.storage = storage;
        this.archive = new BundleWriter(out, new Blobs());
    }

    private final class Blobs implements BundleWriter.Blobs {
        @Override
        public boolean has(String digest) throws IOException {
            var parsed = Digest.parse(digest);
            return storage.blobs().has(repository, parsed)
                    || storage.manifests().has(repository, parsed);
        }

        @Override
        public InputStream open(String digest) throws IOException {
            var parsed = Digest.parse(digest);
            var manifest = storage.manifests().get(repository, parsed);
            if (manifest.isPresent()) {
                return new ByteArrayInputStream(manifest.get());
            }
            var blob = storage.blobs()
                    .open(repository, parsed)
                    .orElseThrow(() -> new FileNotFoundException(repository + ": blob unknown to registry: " + digest));
            return blob.stream(0, blob.size());
        }
    }

    /**
     * Adds {@code NAME:TAG}, {@code NAME@DIGEST}, or all tags of {@code NAME}.
     *
     * @throws IOException also if there is no such image
     */
    void add(String name) throws IOException {
        int at = name.indexOf('@');
        int colon = name.lastIndexOf(':');
        if (at > 0) {
            repository = Call.checked(name.substring(0, at));
            add(Digest.parse(name.substring(at + 1)), Reference.parse(name));
        } else if (colon > name.lastIndexOf('/')) {
            repository = Call.checked(name.substring(0, colon));
            tag(name.substring(colon + 1));
        } else {
            repository = Call.checked(name);
            for (var tag : storage.manifests()
                    .tags(repository)
                    .orElseThrow(() -> new FileNotFoundException(name + ": repository name not known to registry"))) {
                tag(tag);
            }
        }
    }

    private void tag(String tag) throws IOException {
        var digest = storage.manifests()
                .tagged(repository, tag)
                .orElseThrow(() -> new FileNotFoundException(repository + ":" + tag + ": manifest unknown"));
        add(digest, Reference.parse(repository).withTag(tag));
    }

    private void add(Digest digest, Reference name) throws IOException {
        var manifest = storage.manifests()
                .get(repository, digest)
                .orElseThrow(() -> new FileNotFoundException(name.familiar() + ": manifest unknown"));
        archive.add(
                Descriptor.of(ManifestRoutes.mediaType(manifest), digest.toString(), manifest.length),
                name,
                new EveryPlatform());
    }

    /** Who knows one image only is shown that for Linux on the most common processor. */
    private record EveryPlatform() implements BundleWriter.Choice {
        @Override
        public boolean wanted(Descriptor manifest) {
            return true;
        }

        @Override
        public boolean preferred(Descriptor manifest) {
            var platform = manifest.platform();
            return platform != null
                    && List.of(platform.os(), platform.architecture()).equals(List.of("linux", "amd64"));
        }
    }

    /** Ends the archive; the stream stays open. */
    void finish() throws IOException {
        archive.finish(true);
    }
}
