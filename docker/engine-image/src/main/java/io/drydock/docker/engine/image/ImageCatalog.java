package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Descriptor;
import io.drydock.containerd.client.Image;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds images by name and id, and reads their blobs once. Thread-safe. */
public final class ImageCatalog {
    /** The snapshotter all images are unpacked with. */
    public static final String SNAPSHOTTER = "overlayfs";

    private static final int CACHED = 1024;

    private final ContainerdClient containerd;
    private final String architecture;
    private final Map<String, ImageDetails> details = new ConcurrentHashMap<>();
    private final Map<String, Long> layerSizes = new ConcurrentHashMap<>();

    /**
     * @param architecture this machine's, as OCI names it: {@code amd64}
     */
    public ImageCatalog(ContainerdClient containerd, String architecture) {
        this.containerd = containerd;
        this.architecture = architecture;
    }

    /** An image and the names that point at it, dangling ones left out. */
    public record Found(ImageDetails details, List<String> names) {}

    /** This machine's, as OCI names it. */
    String architecture() {
        return architecture;
    }

    ContainerdClient containerd() {
        return containerd;
    }

    /**
     * The image of a name, an id or a unique beginning of an id.
     *
     * @throws EngineException NOT_FOUND {@code No such image: x}
     */
    public ImageDetails find(String nameOrId) {
        if (!nameOrId.startsWith("sha256:") && !(nameOrId.length() == 64 && ImageNames.mayBeId(nameOrId))) {
            var image = byName(ImageNames.parse(nameOrId).toString());
            if (image != null) {
                return details(image.target());
            }
            var digest = ImageNames.parse(nameOrId).digest();
            if (digest != null) {
                return byDigest(nameOrId, digest.toString());
            }
        }
        if (ImageNames.mayBeId(nameOrId)) {
            return byId(nameOrId).details();
        }
        throw ImageNames.notFound(nameOrId);
    }

    /**
     * The image as it is for a platform.
     *
     * @param platform null for what runs here
     * @throws EngineException NOT_FOUND if the image is not here for that platform
     */
    public ImageDetails find(String nameOrId, @Nullable Platform platform) {
        var image = find(nameOrId);
        if (platform == null) {
            return image;
        }
        String manifest = manifestFor(image, platform);
        if (manifest == null) {
            throw EngineException.notFound("image with reference " + nameOrId
                    + " was found but does not provide the specified platform (" + platform.os() + "/"
                    + platform.architecture() + ")");
        }
        var target = new Descriptor(image.mediaType(), image.id(), image.size());
        return manifest.equals(image.manifestDigest()) ? image : read(target, manifest);
    }

    /** One manifest of an index. */
    Descriptor member(Descriptor index, String manifestDigest) {
        return OciJson.read(Index.class, containerd.content().read(index.digest())).manifests().stream()
                .filter(member -> member.digest().equals(manifestDigest))
                .map(member -> new Descriptor(member.mediaType(), member.digest(), member.size()))
                .findFirst()
                .orElseThrow();
    }

    private @Nullable String manifestFor(ImageDetails image, Platform platform) {
        if (!MediaTypes.isIndex(image.mediaType())) {
            var config = image.config();
            var has = new io.drydock.spec.oci.image.Platform(
                    config.architecture(), config.os(), null, List.of(), config.variant());
            return matches(has, platform) ? image.manifestDigest() : null;
        }
        return OciJson.read(Index.class, containerd.content().read(image.id())).manifests().stream()
                .filter(member -> MediaTypes.isManifest(member.mediaType()) && matches(member.platform(), platform))
                .map(member -> member.digest())
                .filter(this::has)
                .findFirst()
                .orElse(null);
    }

    private ImageDetails byDigest(String asked, String digest) {
        String repository = ImageNames.parse(asked).name();
        for (Image image : containerd.images().list()) {
            if (image.target().digest().equals(digest) && image.name().startsWith(repository)) {
                return details(image.target());
            }
        }
        throw ImageNames.notFound(asked);
    }

    /** The image that a full name points at; null if there is none. */
    @Nullable
    Image byName(String fullName) {
        try {
            return containerd.images().get(fullName);
        } catch (ContainerdException e) {
            if (e.notFound()) {
                return null;
            }
            throw failure("get image " + fullName, e);
        }
    }

    private Found byId(String id) {
        String prefix = id.startsWith("sha256:") ? id : "sha256:" + id;
        Found match = null;
        for (Found found : all()) {
            boolean hit = found.details.id().startsWith(prefix)
                    || found.details.configDigest().startsWith(prefix)
                    || found.details.manifestDigest().startsWith(prefix);
            if (hit && match != null) {
                throw EngineException.invalid("ambiguous reference: " + id);
            }
            match = hit ? found : match;
        }
        if (match == null) {
            throw ImageNames.notFound(id);
        }
        return match;
    }

    /** The names that point at an image. */
    public List<String> namesOf(String id) {
        return containerd.images().list().stream()
                .filter(image -> image.target().digest().equals(id))
                .map(Image::name)
                .toList();
    }

    /** All images, each once; one whose blobs are not complete is left out. */
    public List<Found> all() {
        var byDigest = new LinkedHashMap<String, List<Image>>();
        for (Image image : containerd.images().list()) {
            byDigest.computeIfAbsent(image.target().digest(), key -> new ArrayList<>())
                    .add(image);
        }
        var all = new ArrayList<Found>();
        for (List<Image> images : byDigest.values()) {
            try {
                all.add(new Found(
                        details(images.getFirst().target()),
                        images.stream()
                                .map(Image::name)
                                .filter(name -> !ImageNames.isDangling(name))
                                .sorted()
                                .toList()));
            } catch (EngineException incomplete) {
                // a pull that is under way, or an image for other machines only
                continue;
            }
        }
        return all;
    }

    /** What an image's blobs say. */
    public ImageDetails details(Descriptor target) {
        var known = details.get(target.digest());
        if (known != null) {
            return known;
        }
        try {
            var read = read(target);
            if (details.size() >= CACHED) {
                details.clear();
            }
            // an index whose manifest for this machine is not here may get it
            if (read.id().equals(read.manifestDigest()) || isForThisMachine(read.config())) {
                details.put(target.digest(), read);
            }
            return read;
        } catch (ContainerdException e) {
            throw failure("read image " + target.digest(), e);
        } catch (IllegalArgumentException e) {
            throw EngineException.system("read image " + target.digest() + ": " + e.getMessage(), e);
        }
    }

    /** An image has gone; what comes back under its digest may be less of it. */
    void forget(String id) {
        details.remove(id);
    }

    private ImageDetails read(Descriptor target) {
        if (!MediaTypes.isIndex(target.mediaType())) {
            return read(target, target.digest());
        }
        byte[] blob = containerd.content().read(target.digest());
        return read(target, choose(OciJson.read(Index.class, blob), target.digest()));
    }

    private ImageDetails read(Descriptor target, String digest) {
        var manifest = OciJson.read(Manifest.class, containerd.content().read(digest));
        var configDescriptor = manifest.config();
        if (configDescriptor == null) {
            throw EngineException.system("manifest " + digest + " has no config", null);
        }
        var config = OciJson.read(ImageConfig.class, containerd.content().read(configDescriptor.digest()));
        var diffIds =
                config.rootfs() == null ? List.<String>of() : config.rootfs().diffIds();
        return new ImageDetails(
                target.digest(),
                target.mediaType(),
                target.size(),
                digest,
                manifest,
                configDescriptor.digest(),
                config,
                ChainId.of(diffIds));
    }

    /** Whether an image of this configuration runs here. */
    boolean isForThisMachine(ImageConfig config) {
        return "linux".equals(config.os()) && architecture.equals(config.architecture());
    }

    /** The manifest for this machine if it is here, else the first one that is. */
    private String choose(Index index, String name) {
        var here = index.manifests().stream()
                .filter(manifest -> MediaTypes.isManifest(manifest.mediaType()) && has(manifest.digest()))
                .toList();
        return here.stream()
                .filter(this::isForThisMachine)
                .findFirst()
                .or(() -> here.stream().findFirst())
                .orElseThrow(
                        () -> EngineException.notFound("image " + name + " has no manifest for linux/" + architecture))
                .digest();
    }

    private boolean isForThisMachine(io.drydock.spec.oci.image.Descriptor manifest) {
        var platform = manifest.platform();
        return platform == null
                || platform.os().equals("linux") && platform.architecture().equals(architecture);
    }

    /** Whether a manifest is for a platform; one that does not say for which it is fits all. */
    static boolean matches(io.drydock.spec.oci.image.@Nullable Platform has, Platform wanted) {
        String variant = wanted.variant();
        return has == null
                || has.os().equals(wanted.os())
                        && has.architecture().equals(wanted.architecture())
                        && (variant == null || variant.isEmpty() || variant.equals(has.variant()));
    }

    /** Whether the content store has a blob. */
    boolean has(String digest) {
        try {
            containerd.content().info(digest);
            return true;
        } catch (ContainerdException e) {
            if (e.notFound()) {
                return false;
            }
            throw failure("look for content " + digest, e);
        }
    }

    /** Bytes that the unpacked layers take on disk. */
    public long unpackedSize(ImageDetails image) {
        return image.chainIds().stream().mapToLong(this::layerSize).sum();
    }

    /** Bytes that one unpacked layer takes on disk; 0 if it is not unpacked. */
    public long layerSize(String chainId) {
        return layerSizes.computeIfAbsent(chainId, id -> {
            try {
                return containerd.snapshots(SNAPSHOTTER).usage(id).size();
            } catch (ContainerdException e) {
                return 0L;
            }
        });
    }

    /** Containerd's failure as the API tells it. */
    public static EngineException failure(String what, ContainerdException e) {
        var kind =
                switch (e.kind()) {
                    case NOT_FOUND -> EngineException.Kind.NOT_FOUND;
                    case ALREADY_EXISTS, FAILED_PRECONDITION -> EngineException.Kind.CONFLICT;
                    case INVALID_ARGUMENT, OUT_OF_RANGE -> EngineException.Kind.INVALID;
                    case UNAVAILABLE -> EngineException.Kind.UNAVAILABLE;
                    case UNIMPLEMENTED -> EngineException.Kind.NOT_IMPLEMENTED;
                    case PERMISSION_DENIED -> EngineException.Kind.FORBIDDEN;
                    case UNAUTHENTICATED -> EngineException.Kind.UNAUTHORIZED;
                    case ABORTED, CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, DATA_LOSS, INTERNAL, UNKNOWN ->
                        EngineException.Kind.SYSTEM;
                };
        return new EngineException(kind, what + ": " + e.getMessage(), e);
    }
}
