@NullMarked
package io.drydock.containerd.stores;

import org.jspecify.annotations.NullMarked;
