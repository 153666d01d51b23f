package io.drydock.image.archive.apply;

/**
 * How a layer is written.
 *
 * @param whiteouts what becomes of deletions
 * @param maxBytes most uncompressed bytes of the layer
 * @param maxEntries most entries of the layer
 */
public record ApplyOptions(Whiteouts whiteouts, long maxBytes, long maxEntries) {

    /** What becomes of a deletion recorded in a layer. */
    public enum Whiteouts {
        /** Overlayfs's form: a character device 0:0, {@code trusted.overlay.opaque} on directories. For a layer by itself. */
        OVERLAY,
        /** As {@link #OVERLAY} with {@code user.overlay.opaque}, for mounts with {@code userxattr} in a user namespace. */
        OVERLAY_USER,
        /** The file is removed: for a directory that holds the layers below, such as an overlay mount. */
        REMOVE
    }

    /** No limit on bytes, ten million entries. */
    public ApplyOptions(Whiteouts whiteouts) {
        this(whiteouts, Long.MAX_VALUE, 10_000_000);
    }
}
