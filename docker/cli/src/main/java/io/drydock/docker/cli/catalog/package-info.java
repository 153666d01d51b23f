/** The one table of commands and flags from which parsing and help come. */
@NullMarked
package io.drydock.docker.cli.catalog;

import org.jspecify.annotations.NullMarked;
