package io.drydock.containerd.client;

/**
 * Where a process's stdio goes: FIFO paths (or {@code binary://}, {@code file://} URIs), each empty for none. With a
 * terminal, everything comes on stdout.
 */
public record Stdio(String stdin, String stdout, String stderr, boolean terminal) {
    /** No stdio at all. */
    public static final Stdio NONE = new Stdio("", "", "", false);
}
