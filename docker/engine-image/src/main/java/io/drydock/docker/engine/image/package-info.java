@NullMarked
package io.drydock.docker.engine.image;

import org.jspecify.annotations.NullMarked;
