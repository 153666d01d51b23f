@NullMarked
package io.drydock.docker.engine.network;

import org.jspecify.annotations.NullMarked;
