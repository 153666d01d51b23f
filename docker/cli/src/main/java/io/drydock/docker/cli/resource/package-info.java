/** The commands that handle volumes and networks. */
@NullMarked
package io.drydock.docker.cli.resource;

import org.jspecify.annotations.NullMarked;
