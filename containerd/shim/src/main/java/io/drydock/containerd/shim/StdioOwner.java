package io.drydock.containerd.shim;

/**
 * Whose stdio it is.
 *
 * @param uid who owns the FIFOs, so that the container's user may open them by name; 0 for nobody in particular
 * @param gid the same for the group
 */
record StdioOwner(String namespace, String id, int uid, int gid) {}
