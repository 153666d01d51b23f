/** Programs that add commands: {@code docker NAME} runs {@code docker-NAME} of a directory for plugins. */
@NullMarked
package io.drydock.docker.cli.plugin;

import org.jspecify.annotations.NullMarked;
