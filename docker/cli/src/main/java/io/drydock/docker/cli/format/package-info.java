/** Tables, sizes and durations as Docker prints them. */
@NullMarked
package io.drydock.docker.cli.format;

import org.jspecify.annotations.NullMarked;
