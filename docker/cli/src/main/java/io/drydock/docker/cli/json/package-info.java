/** A small JSON reader and writer on plain maps and lists: fewer classes at start-up than any library. */
@NullMarked
package io.drydock.docker.cli.json;

import org.jspecify.annotations.NullMarked;
