package io.drydock.containerd.server.tasks;

/** A task's name: ids are unique in a namespace only. */
record TaskKey(String namespace, String id) {}
