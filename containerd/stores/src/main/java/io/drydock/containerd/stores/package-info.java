/**
 * The stores, by technique. On disk:
 *
 * <pre>
 * ROOT/
 *   io.containerd.metadata.v1.sqlite/meta.db     names, labels, references (schema: the package metadata)
 *   io.containerd.content.v1.content/
 *     blobs/sha256/HEX                           a blob, read only; exists whole or not at all
 *     ingest/HEX/ref                             a blob being written: HEX is sha256(namespace/ref)
 *     ingest/HEX/data
 *     ingest/HEX/total                           expected size, if known
 *     ingest/HEX/expected                        expected digest, if known
 *   io.containerd.snapshotter.v1.NAME/
 *     snapshots/N/fs                             a layer, the upper directory of a container, or a copy of its root
 *     snapshots/N/work                           overlay's work directory of an active one
 *     removed/N                                  to be deleted
 * </pre>
 */
@NullMarked
package io.drydock.containerd.stores;

import org.jspecify.annotations.NullMarked;
