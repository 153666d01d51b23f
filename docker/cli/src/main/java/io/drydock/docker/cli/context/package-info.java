/** {@code docker context}: named engines, kept below the client's configuration. */
@NullMarked
package io.drydock.docker.cli.context;

import org.jspecify.annotations.NullMarked;
