/**
 * Garbage collection: what no image, lease, container or root reaches is removed.
 *
 * <pre>
 *   roots   leases (not expired) ─▶ what they hold        images (not expired) ─▶ their target
 *           containers ─▶ their snapshot                  anything labelled containerd.io/gc.root
 *           active snapshots and views, but for those of unpacking (extract-…)
 *           anything labelled containerd.io/gc.expire whose time has not come
 *   edges   any ─ containerd.io/gc.ref.content…            ─▶ blob
 *           any ─ containerd.io/gc.ref.image…              ─▶ image
 *           any ─ containerd.io/gc.ref.snapshot.X…         ─▶ snapshot of snapshotter X
 *           blob, image, container, snapshot X ─▶ what is labelled containerd.io/gc.bref.{content,image,container,snapshot.X}
 *           snapshot ─▶ its parent     image ─▶ its target
 * </pre>
 *
 * <p>A lease labelled {@code containerd.io/gc.flat} holds what it names and not what that refers to. An image whose
 * {@code gc.expire} is over is kept only while something refers to it.
 *
 * <p>Nobody waits for the marking, which reads a snapshot of the database on a connection of its own. What is written
 * meanwhile is noted: whatever it names, and all that refers to, is kept. Then the rest is removed in short transactions,
 * those that refer before those that are referred to. Files follow. When all this is done says {@link
 * io.drydock.containerd.stores.gc.CollectionSchedule}; clients that delete and want to wait have it done at once.
 */
@NullMarked
package io.drydock.containerd.stores.gc;

import org.jspecify.annotations.NullMarked;
