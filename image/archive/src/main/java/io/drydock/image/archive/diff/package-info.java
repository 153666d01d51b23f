/** Directory trees turned into layers. */
@NullMarked
package io.drydock.image.archive.diff;

import org.jspecify.annotations.NullMarked;
