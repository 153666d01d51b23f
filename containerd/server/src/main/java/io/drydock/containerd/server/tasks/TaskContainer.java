package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;

/**
 * The part of a container's metadata that its task is made from.
 *
 * @param runtime a name such as {@code io.containerd.runc.v2}, or a shim's absolute path
 * @param options of the runtime, empty for none
 * @param spec the OCI spec as JSON
 * @param snapshotKey empty if the root is no snapshot
 */
public record TaskContainer(String id, String runtime, Any options, Any spec, String snapshotter, String snapshotKey) {}
