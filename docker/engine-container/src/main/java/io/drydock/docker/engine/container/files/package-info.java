/** The files of containers for {@code docker cp}, {@code export} and {@code diff}. */
@NullMarked
package io.drydock.docker.engine.container.files;

import org.jspecify.annotations.NullMarked;
