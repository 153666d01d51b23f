@NullMarked
package io.drydock.flags;

import org.jspecify.annotations.NullMarked;
