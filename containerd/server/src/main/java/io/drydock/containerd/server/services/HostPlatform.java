package io.drydock.containerd.server.services;

/** This machine, in the words of image indexes. */
public final class HostPlatform {
    private HostPlatform() {}

    /** Such as {@code amd64}. */
    public static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }
}
