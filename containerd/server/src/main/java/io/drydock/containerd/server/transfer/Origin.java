package io.drydock.containerd.server.transfer;

import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Where an image's blobs come from that are not in the content store yet. */
interface Origin {
    /** A document named by a manifest or an index. */
    byte[] document(Descriptor descriptor) throws IOException;

    /** A layer from its start. The caller closes it. */
    InputStream layer(String digest, long size) throws IOException;

    /** Labels for every blob: a new map. */
    Map<String, String> labels();

    /** The manifests of an index that shall come. */
    List<Descriptor> choose(Index index) throws IOException;

    /** Whether a manifest of an index is to be unpacked; a manifest without an index always is. */
    boolean unpacks(Descriptor manifest);
}
