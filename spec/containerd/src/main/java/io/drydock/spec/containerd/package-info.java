@NullMarked
package io.drydock.spec.containerd;

import org.jspecify.annotations.NullMarked;
