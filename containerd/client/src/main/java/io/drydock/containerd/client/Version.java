package io.drydock.containerd.client;

/** Which containerd answers. */
public record Version(String version, String revision) {}
