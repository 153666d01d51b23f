/**
 * Layers on their way to snapshots. All layers of an image at once, each as one pipeline, published in order:
 *
 * <pre>
 *   source ─▶ TeeStream ─┬▶ ingest (sha256, blob file) ────────────▶ blob
 *                        └▶ inflate ─▶ sha256 (diff ID) + untar ─▶ the layer's own directory ─▶ committed snapshot
 *                                                                        waits for the layer below ┘
 * </pre>
 *
 * <p>A layer that is there, or that another pull is fetching, is not fetched again. A failure ends all pipelines of its
 * image and leaves nothing behind.
 */
@NullMarked
package io.drydock.containerd.stores.unpack;

import org.jspecify.annotations.NullMarked;
