/**
 * Archives that hold whole images: what {@code docker save} writes, old and new, and OCI layouts in a tar. Sources: moby's
 * image/spec v1.2 ({@code manifest.json}), OCI image-spec 1.1 image-layout.md.
 */
@NullMarked
package io.drydock.image.archive.bundle;

import org.jspecify.annotations.NullMarked;
