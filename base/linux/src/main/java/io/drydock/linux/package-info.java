@NullMarked
package io.drydock.linux;

import org.jspecify.annotations.NullMarked;
