package io.drydock.containerd.client;

import java.util.List;

/** How to mount a snapshot: the arguments of one mount, without a target. */
public record Mount(String type, String source, List<String> options) {
    /** Keeps a copy of the options. */
    public Mount {
        options = List.copyOf(options);
    }
}
