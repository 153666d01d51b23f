/** Byte streams of layers: compression and digests, spread over threads. */
@NullMarked
package io.drydock.image.archive.stream;

import org.jspecify.annotations.NullMarked;
