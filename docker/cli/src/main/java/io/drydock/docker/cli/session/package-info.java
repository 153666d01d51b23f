/** What every command is given: arguments, environment, streams, configuration and the engine. */
@NullMarked
package io.drydock.docker.cli.session;

import org.jspecify.annotations.NullMarked;
