package io.drydock.image.archive.apply;

import org.jspecify.annotations.Nullable;

/**
 * How a layer is written.
 *
 * @param whiteouts what becomes of deletions
 * @param maxBytes most uncompressed bytes of the layer
 * @param maxEntries most entries of the layer
 * @param copying null for a layer
 */
public record ApplyOptions(
        Whiteouts whiteouts,
        long maxBytes,
        long maxEntries,
        @Nullable Copying copying) {

    /**
     * Files that are copied into a tree: names that begin like a whiteout mean nothing.
     *
     * @param keepKinds whether a directory may not take the place of something else, nor something else that of a directory
     * @param owner who gets the files; null for whom the archive says
     */
    public record Copying(boolean keepKinds, @Nullable Owner owner) {}

    /** A user and a group. */
    public record Owner(long uid, long gid) {}

    /** For a layer. */
    public ApplyOptions(Whiteouts whiteouts, long maxBytes, long maxEntries) {
        this(whiteouts, maxBytes, maxEntries, null);
    }

    /** For files that are copied. */
    public static ApplyOptions copying(boolean keepKinds, @Nullable Owner owner) {
        return new ApplyOptions(Whiteouts.REMOVE, Long.MAX_VALUE, Long.MAX_VALUE, new Copying(keepKinds, owner));
    }

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
