/** Changes of a directory tree written as a layer's tar: the other way round of {@code apply}. */
@NullMarked
package io.drydock.image.archive.diff;

import org.jspecify.annotations.NullMarked;
