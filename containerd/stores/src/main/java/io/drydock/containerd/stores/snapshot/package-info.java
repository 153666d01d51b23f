/** Snapshots as rows and directories, by technique: stacked by overlayfs, or copied. */
@NullMarked
package io.drydock.containerd.stores.snapshot;

import org.jspecify.annotations.NullMarked;
