/**
 * Garbage collection: what no image, lease, container or root reaches is removed.
 *
 * <pre>
 *   roots   leases (not expired) ─▶ what they hold        images (not expired) ─▶ their target
 *           containers ─▶ their snapshot                  anything labelled containerd.io/gc.root
 *           active snapshots and views, but for those of unpacking (extract-…)
 *   edges   blob     ─ containerd.io/gc.ref.content…      ─▶ blob
 *           blob     ─ containerd.io/gc.ref.snapshot.X…   ─▶ snapshot of snapshotter X
 *           snapshot ─▶ its parent, and the same labels
 * </pre>
 *
 * <p>Rows are marked and removed in one transaction; files follow afterwards. It runs a moment after something was deleted,
 * and at once for those who delete and want to wait.
 */
@NullMarked
package io.drydock.containerd.stores.gc;

import org.jspecify.annotations.NullMarked;
