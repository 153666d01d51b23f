/**
 * The metadata in SQLite, version 2:
 *
 * <pre>
 * meta.db                                         write-ahead log; user_version is the schema's version
 *   namespace   name*                             labels
 *   image       namespace*, name*                 media_type digest size labels created updated
 *   container   namespace*, id*                   body (the Container message), snapshotter, snapshot_key
 *   sandbox     namespace*, id*                   body (the Sandbox message)                         since version 2
 *   content     namespace*, digest*               size labels created updated          the bytes are files
 *   snapshot    namespace*, snapshotter*, name*   id (directory), kind, parent, size, inodes, labels created updated
 *   lease       namespace*, id*                   labels created
 *   resource    namespace*, lease*, type*, id*    what a lease holds
 * </pre>
 *
 * <p>Labels are pairs of length-prefixed texts, times are milliseconds. A change is one transaction, and survives the
 * process as soon as it is answered. The machine's crash may take the transactions of the last tenth of a second with it, in
 * order, but none that came before an image's name was answered: see {@link Database#durably}.
 */
@NullMarked
package io.drydock.containerd.stores.metadata;

import org.jspecify.annotations.NullMarked;
