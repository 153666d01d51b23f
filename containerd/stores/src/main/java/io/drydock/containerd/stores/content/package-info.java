/** Blobs as files: written aside under a lock, published by rename. */
@NullMarked
package io.drydock.containerd.stores.content;

import org.jspecify.annotations.NullMarked;
