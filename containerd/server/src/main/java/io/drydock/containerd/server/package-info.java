@NullMarked
package io.drydock.containerd.server;

import org.jspecify.annotations.NullMarked;
