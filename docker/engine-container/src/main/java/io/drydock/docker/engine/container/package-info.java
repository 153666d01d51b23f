@NullMarked
package io.drydock.docker.engine.container;

import org.jspecify.annotations.NullMarked;
