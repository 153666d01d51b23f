package io.drydock.docker.engine.image;

import io.drydock.spec.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Chain IDs: the names of stacks of layers. Source: OCI image-spec, config.md. */
public final class ChainId {
    private ChainId() {}

    /** The chain ID of each stack that ends with one of the diff IDs, the lowest first. */
    public static List<String> of(List<String> diffIds) {
        var chain = new ArrayList<String>(diffIds.size());
        String parent = "";
        for (String diff : diffIds) {
            parent = next(parent, diff);
            chain.add(parent);
        }
        return chain;
    }

    /** The chain ID of a layer on a stack, which is empty for the lowest layer. */
    public static String next(String parent, String diffId) {
        return parent.isEmpty()
                ? diffId
                : Digest.sha256((parent + " " + diffId).getBytes(StandardCharsets.UTF_8))
                        .toString();
    }
}
