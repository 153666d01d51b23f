/** Streaming tar: POSIX ustar and pax (extended attributes, large numbers, sparse files), GNU extensions. */
@NullMarked
package io.drydock.image.archive.tar;

import org.jspecify.annotations.NullMarked;
