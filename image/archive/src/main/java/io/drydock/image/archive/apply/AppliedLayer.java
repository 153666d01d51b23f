package io.drydock.image.archive.apply;

import java.util.List;

/**
 * A layer that was written.
 *
 * @param diffId digest of the uncompressed tar, {@code sha256:…}
 * @param size of the uncompressed tar in bytes
 * @param entries number of entries
 * @param implied directories that the layer uses without describing them, outermost first ({@code ""} is the root); they were made with
 *     mode 0755 for root and ought to look like those of the layers below: {@link ImpliedDirectories}
 */
public record AppliedLayer(String diffId, long size, long entries, List<String> implied) {
    public AppliedLayer {
        implied = List.copyOf(implied);
    }
}
