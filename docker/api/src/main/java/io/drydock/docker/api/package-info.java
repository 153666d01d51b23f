@NullMarked
package io.drydock.docker.api;

import org.jspecify.annotations.NullMarked;
