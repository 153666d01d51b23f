/** The commands that handle containers. */
@NullMarked
package io.drydock.docker.cli.container;

import org.jspecify.annotations.NullMarked;
