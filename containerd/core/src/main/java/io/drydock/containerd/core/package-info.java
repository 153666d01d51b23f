@NullMarked
package io.drydock.containerd.core;

import org.jspecify.annotations.NullMarked;
