@NullMarked
package io.drydock.image.remote;

import org.jspecify.annotations.NullMarked;
