/** The commands about the engine itself, registries' credentials and contexts. */
@NullMarked
package io.drydock.docker.cli.engine;

import org.jspecify.annotations.NullMarked;
