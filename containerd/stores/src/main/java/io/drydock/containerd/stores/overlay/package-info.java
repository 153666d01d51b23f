/** Snapshots as directories that overlayfs stacks. */
@NullMarked
package io.drydock.containerd.stores.overlay;

import org.jspecify.annotations.NullMarked;
