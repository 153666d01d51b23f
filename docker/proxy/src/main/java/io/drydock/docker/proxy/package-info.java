@NullMarked
package io.drydock.docker.proxy;

import org.jspecify.annotations.NullMarked;
