package io.drydock.runc.runtime.plan;

import java.util.List;

/** Options of a mount as {@code mount(2)} takes them. */
public record MountFlags(long flags, String data) {
    public static MountFlags of(List<String> options) {
        MountOptions parsed = MountOptions.parse(options);
        return new MountFlags(parsed.flags(), parsed.data());
    }
}
