/** Volumes of the local driver, and from what a container asks for to what is mounted. */
@NullMarked
package io.drydock.docker.engine.container.volume;

import org.jspecify.annotations.NullMarked;
