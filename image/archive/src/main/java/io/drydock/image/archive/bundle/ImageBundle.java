package io.drydock.image.archive.bundle;

import io.drydock.image.archive.stream.Compression;
import io.drydock.spec.oci.image.Descriptor;
import java.util.List;

/** What an archive says that it holds. Its blobs have gone to the {@link Sink}. */
public sealed interface ImageBundle {

    /** An OCI layout: the descriptors of its index, with their annotations. */
    record Layout(List<Descriptor> manifests) implements ImageBundle {
        /** The annotation with an image's full name, as containerd writes it. */
        public static final String NAME = "io.containerd.image.name";
        /** The annotation with a tag, or with some programs a name. */
        public static final String REF_NAME = "org.opencontainers.image.ref.name";
    }

    /** The older form, {@code manifest.json} alone. */
    record Docker(List<DockerImage> images) implements ImageBundle {}

    /**
     * An image of the older form.
     *
     * @param names familiar names with tags, may be empty
     * @param layers the lowest first
     */
    record DockerImage(List<String> names, Stored config, List<Stored> layers) {}

    /**
     * A blob of the archive.
     *
     * @param digest {@code sha256:…} of the bytes as they are in the archive
     * @param size in bytes
     */
    record Stored(String digest, long size, Compression compression) {}

    /** Takes the blobs as they come. */
    interface Sink {
        /** Keeps a blob and tells its SHA-256 digest. */
        String store(long size, java.io.InputStream content) throws java.io.IOException;
    }
}
