/**
 * Tasks: the gRPC service, the shims behind it and the events they send.
 * <pre>
 *  client ── gRPC ──▶ TaskService ──▶ TaskTable ──▶ Shim ── ttrpc ──▶ the resident shim, one for all tasks
 *                                                    └───── ttrpc ──▶ a foreign shim, one per task (any binary)
 *  shims ── ttrpc Events.Forward ──▶ ForwardedEvents ──▶ the event bus
 * </pre>
 *
 * On disk, {@code STATE/io.containerd.runtime.v2.task/NAMESPACE/ID/} is a task's bundle:
 * <pre>
 *  config.json        the OCI spec
 *  checkpoint/        the state that a restored task begins with
 *  rootfs/            where the shim mounts the root
 *  bootstrap.json     how to reach the task's shim: version, address, protocol
 *  shim-binary-path   which shim it was
 *  log                a FIFO with a foreign shim's log
 *  work               → ROOT/io.containerd.runtime.v2.task/NAMESPACE/ID
 * </pre>
 * containerd may die at any time: on its next start {@code TaskTable} reads the bundles and connects to the shims again.
 */
@NullMarked
package io.drydock.containerd.server.tasks;

import org.jspecify.annotations.NullMarked;
