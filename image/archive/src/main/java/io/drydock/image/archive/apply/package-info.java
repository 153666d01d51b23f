/** A layer's tar written into a directory tree, safely and fast. */
@NullMarked
package io.drydock.image.archive.apply;

import org.jspecify.annotations.NullMarked;
