@NullMarked
package io.drydock.docker.engine.container.volume;

import org.jspecify.annotations.NullMarked;
