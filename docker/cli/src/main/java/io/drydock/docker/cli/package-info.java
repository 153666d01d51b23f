@NullMarked
package io.drydock.docker.cli;

import org.jspecify.annotations.NullMarked;
