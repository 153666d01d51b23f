@NullMarked
package io.drydock.containerd.client;

import org.jspecify.annotations.NullMarked;
