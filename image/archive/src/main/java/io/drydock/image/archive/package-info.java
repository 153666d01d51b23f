@NullMarked
package io.drydock.image.archive;

import org.jspecify.annotations.NullMarked;
