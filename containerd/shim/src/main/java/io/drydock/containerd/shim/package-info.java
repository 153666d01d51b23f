@NullMarked
package io.drydock.containerd.shim;

import org.jspecify.annotations.NullMarked;
