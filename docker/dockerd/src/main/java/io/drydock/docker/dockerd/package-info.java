@NullMarked
package io.drydock.docker.dockerd;

import org.jspecify.annotations.NullMarked;
