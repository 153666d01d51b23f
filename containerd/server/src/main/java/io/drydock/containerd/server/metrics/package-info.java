/** Numbers for Prometheus, under the original's names, and a socket for looking into a running server. */
@NullMarked
package io.drydock.containerd.server.metrics;

import org.jspecify.annotations.NullMarked;
