@NullMarked
package io.drydock.spec.engine;

import org.jspecify.annotations.NullMarked;
