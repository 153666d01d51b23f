package io.drydock.containerd.stores.gc;

/**
 * Something that refers and is referred to.
 *
 * @param kind content, image, container, lease, or for a snapshot its snapshotter
 */
record Node(String namespace, String kind, String name) {}
