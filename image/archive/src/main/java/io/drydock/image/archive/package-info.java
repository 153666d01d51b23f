/**
 * Layers and images as files, shared by containerd, dockerd and tests.
 *
 * <pre>
 * tar      TarReader, TarWriter: ustar, pax, GNU, streaming
 * stream   compression detected by magic, decompressed and hashed on threads of their own
 * apply    LayerApplier: a layer's tar onto a directory, by descriptor, whiteouts converted
 * diff     LayerDiff: the upper directory of an overlay mount as a layer's tar
 * </pre>
 */
@NullMarked
package io.drydock.image.archive;

import org.jspecify.annotations.NullMarked;
