/** {@code docker cp}: tar archives between the file system here and that of a container. */
@NullMarked
package io.drydock.docker.cli.copy;

import org.jspecify.annotations.NullMarked;
