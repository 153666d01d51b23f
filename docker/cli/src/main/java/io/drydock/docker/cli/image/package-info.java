/** The commands that handle images. */
@NullMarked
package io.drydock.docker.cli.image;

import org.jspecify.annotations.NullMarked;
