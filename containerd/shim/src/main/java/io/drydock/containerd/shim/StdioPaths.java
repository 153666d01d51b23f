package io.drydock.containerd.shim;

/** Where a process's stdio goes, as the task API says it: FIFO paths or URIs, empty for none. */
record StdioPaths(String stdin, String stdout, String stderr, boolean terminal) {}
