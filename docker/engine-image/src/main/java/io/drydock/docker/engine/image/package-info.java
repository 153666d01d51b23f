/**
 * The engine's images. They live in containerd: names in its image store, manifests and configs in its content store, layers
 * as snapshots. An image's id is the digest its name points at; what is asked of an image often is kept in memory by that
 * digest, which cannot change its meaning.
 */
@NullMarked
package io.drydock.docker.engine.image;

import org.jspecify.annotations.NullMarked;
