@NullMarked
package io.drydock.docker.engine.log;

import org.jspecify.annotations.NullMarked;
