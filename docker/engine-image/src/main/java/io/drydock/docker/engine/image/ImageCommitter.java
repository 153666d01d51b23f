package io.drydock.docker.engine.image;

import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.HealthConfig;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.ContainerDefaults;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.HealthCheck;
import io.drydock.spec.oci.image.History;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.RootFs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an image of another one, a layer on top of it and the config of the container that has written the layer. */
public final class ImageCommitter {
    private final ImageCatalog catalog;
    private final ImageTags tags;
    private final LayerStore layers;
    private final Path scratch;
    private final EventSink events;

    /** @param scratch where layers are kept until their digest is known */
    public ImageCommitter(ImageCatalog catalog, ImageTags tags, Path scratch, EventSink events) {
        this.catalog = catalog;
        this.tags = tags;
        this.layers = new LayerStore(catalog.containerd());
        this.scratch = scratch;
        this.events = events;
    }

    /**
     * What becomes the image.
     *
     * @param imageId the container's image
     * @param config the container's config, completed from what the client wants instead
     * @param command what the container ran, for the history
     * @param repository empty for an image without a name
     */
    public record Request(
            String containerId,
            String imageId,
            ContainerConfig config,
            List<String> command,
            List<String> changes,
            String author,
            String comment,
            String repository,
            String tag) {}

    /** Writes the container's layer as a tar; answers false if nothing is in it. */
    @FunctionalInterface
    public interface Layer {
        boolean writeTo(OutputStream tar) throws IOException;
    }

    /** An image whose config is settled, so that only its layer is missing. */
    public final class Prepared {
        private final Request request;
        private final ImageDetails base;
        private final ContainerDefaults defaults;
        private final @Nullable Reference name;

        private Prepared(Request request) {
            this.request = request;
            this.name = request.repository().isEmpty() ? null : named(request.repository(), request.tag());
            this.defaults = ConfigChanges.apply(defaults(request.config()), request.changes());
            this.base = catalog.find(request.imageId());
        }

        /** The name the image gets; empty for none. */
        public String name() {
            return name == null ? "" : name.familiar();
        }

        /** Makes the image; returns its id. */
        public String commit(Layer layer) throws IOException {
            String id = layers.leased(leased -> {
                try (var made = SpooledLayer.of(layer::writeTo, scratch)) {
                    var blobs = new ArrayList<>(base.manifest().layers().stream()
                            .map(Prepared::client)
                            .toList());
                    var diffIds = new ArrayList<>(diffIds());
                    if (!made.empty()) {
                        made.layer().store(leased);
                        String chain = ChainId.next(base.chainId(), made.diffId());
                        layers.unpack(leased, made.layer().descriptor(), base.chainId(), chain, diffId -> {});
                        blobs.add(made.layer().descriptor());
                        diffIds.add(made.diffId());
                    }
                    var manifest = ImageBlobs.store(leased, config(diffIds, made.empty()), blobs);
                    if (name == null) {
                        tags.keepNameless(manifest);
                    } else {
                        tags.put(name, manifest);
                    }
                    return manifest.digest();
                }
            });
            if (name != null) {
                events.publish("image", "tag", id, Map.of("name", name.familiar()));
            }
            return id;
        }

        private static io.drydock.containerd.client.Descriptor client(Descriptor blob) {
            return new io.drydock.containerd.client.Descriptor(blob.mediaType(), blob.digest(), blob.size());
        }

        private List<String> diffIds() {
            var rootfs = base.config().rootfs();
            return rootfs == null ? List.of() : rootfs.diffIds();
        }

        private ImageConfig config(List<String> diffIds, boolean empty) {
            var old = base.config();
            String now = Instant.now().toString();
            var history = new ArrayList<>(old.history());
            history.add(new History(
                    now,
                    request.author().isEmpty() ? null : request.author(),
                    request.command().isEmpty() ? null : String.join(" ", request.command()),
                    request.comment().isEmpty() ? null : request.comment(),
                    empty ? true : null));
            return new ImageConfig(
                    now,
                    request.author().isEmpty() ? null : request.author(),
                    old.architecture(),
                    old.variant(),
                    old.os(),
                    old.osVersion(),
                    old.osFeatures(),
                    defaults,
                    new RootFs("layers", diffIds),
                    history,
                    old.dockerVersion(),
                    request.containerId(),
                    request.comment().isEmpty() ? null : request.comment());
        }
    }

    private static Reference named(String repository, String tag) {
        var name = ImageNames.parse(repository, tag);
        if (name.digest() != null) {
            throw EngineException.invalid("cannot commit to digest reference");
        }
        return name;
    }

    /**
     * Settles all but the layer.
     *
     * @throws EngineException INVALID for a bad name or change, NOT_FOUND if the container's image is gone
     */
    public Prepared prepare(Request request) {
        return new Prepared(request);
    }

    private static ContainerDefaults defaults(ContainerConfig config) {
        return new ContainerDefaults(
                config.user(),
                config.exposedPorts(),
                config.env(),
                config.entrypoint(),
                config.cmd(),
                config.volumes(),
                config.workingDir(),
                config.labels(),
                config.stopSignal(),
                config.argsEscaped(),
                health(config.healthcheck()),
                config.onBuild() == null ? List.of() : config.onBuild(),
                config.shell(),
                config.hostname(),
                config.domainname(),
                config.tty(),
                config.openStdin(),
                config.stdinOnce(),
                config.attachStdin(),
                config.attachStdout(),
                config.attachStderr(),
                config.image());
    }

    private static @Nullable HealthCheck health(@Nullable HealthConfig check) {
        return check == null
                ? null
                : new HealthCheck(
                        check.test(),
                        check.interval(),
                        check.timeout(),
                        check.startPeriod(),
                        check.startInterval(),
                        check.retries());
    }
}
