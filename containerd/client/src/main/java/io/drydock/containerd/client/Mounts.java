package io.drydock.containerd.client;

import java.util.List;

/** Mounts to and from the wire. */
final class Mounts {
    private Mounts() {}

    static io.drydock.spec.containerd.types.Mount toProto(Mount mount) {
        return io.drydock.spec.containerd.types.Mount.newBuilder()
                .setType(mount.type())
                .setSource(mount.source())
                .addAllOptions(mount.options())
                .build();
    }

    static List<Mount> fromProto(List<io.drydock.spec.containerd.types.Mount> mounts) {
        return mounts.stream()
                .map(mount -> new Mount(mount.getType(), mount.getSource(), mount.getOptionsList()))
                .toList();
    }
}
