package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.server.services.HostPlatform;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.MediaTypes;
import java.util.ArrayList;
import java.util.List;

/** Chooses the manifests of an index that a client wants. */
final class PlatformMatch {
    private PlatformMatch() {}

    /**
     * The first manifest for each wanted platform.
     *
     * @param wanted none for this machine's
     * @throws ContainerdError NOT_FOUND if one has no manifest
     */
    static List<Descriptor> choose(Index index, List<Platform> wanted) {
        var platforms = wanted.isEmpty() ? List.of(host()) : wanted;
        var chosen = new ArrayList<Descriptor>();
        for (var platform : platforms) {
            var match = index.manifests().stream()
                    .filter(manifest -> MediaTypes.isManifest(manifest.mediaType()))
                    .filter(manifest -> matches(manifest, platform))
                    .findFirst()
                    .orElseThrow(() -> ContainerdError.notFound("no matching manifest for " + format(platform)
                            + " in the manifest list entries: no match for platform in manifest"));
            if (!chosen.contains(match)) {
                chosen.add(match);
            }
        }
        return chosen;
    }

    private static Platform host() {
        return Platform.newBuilder()
                .setOs("linux")
                .setArchitecture(HostPlatform.architecture())
                .build();
    }

    /** Whether a manifest is for this machine, or does not say for which it is. */
    static boolean isHost(Descriptor manifest) {
        return manifest.platform() == null || matches(manifest, host());
    }

    /** Whether a manifest is for one of the platforms, or does not say for which it is. */
    static boolean isAny(Descriptor manifest, List<Platform> platforms) {
        return manifest.platform() == null || platforms.stream().anyMatch(platform -> matches(manifest, platform));
    }

    private static boolean matches(Descriptor manifest, Platform wanted) {
        var has = manifest.platform();
        if (has == null) {
            return false;
        }
        return has.os().equals(wanted.getOs())
                && has.architecture().equals(wanted.getArchitecture())
                && (wanted.getVariant().isEmpty()
                        || has.variant() == null
                        || has.variant().isEmpty()
                        || has.variant().equals(wanted.getVariant()));
    }

    private static String format(Platform platform) {
        return platform.getOs() + "/" + platform.getArchitecture()
                + (platform.getVariant().isEmpty() ? "" : "/" + platform.getVariant());
    }
}
