@NullMarked
package io.drydock.docker.engine.container.spec;

import org.jspecify.annotations.NullMarked;
