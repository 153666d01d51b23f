/** Go's {@code text/template} language. */
@NullMarked
package io.drydock.docker.cli.template;

import org.jspecify.annotations.NullMarked;
