package io.drydock.docker.engine.image;

import io.avaje.jsonb.Jsonb;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Image;
import io.drydock.containerd.client.TransferProgress;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.engine.ProgressDetail;
import io.drydock.spec.engine.ProgressMessage;
import io.drydock.spec.engine.PushResult;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pushes images by containerd's Transfer service, told in the original's words. */
public final class ImagePusher {
    private static final int SHORT_ID = 12;

    private final ImageCatalog catalog;
    private final Supplier<RegistrySettings> registries;
    private final EventSink events;

    public ImagePusher(ImageCatalog catalog, Supplier<RegistrySettings> registries, EventSink events) {
        this.catalog = catalog;
        this.registries = registries;
        this.events = events;
    }

    /**
     * Pushes one tag, or with an empty tag all tags of the repository.
     *
     * @param platform whose manifest alone is pushed; null for the whole image
     */
    public void push(String name, String tag, @Nullable Platform platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException {
        var reference = ImageNames.parse(name, tag);
        var names = tag.isEmpty() && ImageNames.parse(name).toString().endsWith(":latest") && !name.endsWith(":latest")
                ? catalog.containerd().images().list().stream()
                        .map(image -> image.name())
                        .filter(full -> full.startsWith(reference.name() + ":"))
                        .toList()
                : java.util.List.of(reference.toString());
        progress.status("The push refers to repository [" + reference.name() + "]");
        if (names.isEmpty() || catalog.byName(names.getFirst()) == null) {
            throw EngineException.notFound("An image does not exist locally with the tag: " + reference.familiarName());
        }
        for (String full : names) {
            one(Reference.parse(full), platform, auth, progress);
        }
    }

    private void one(Reference reference, @Nullable Platform platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException {
        var image = catalog.byName(reference.toString());
        if (image == null) {
            throw EngineException.notFound("tag does not exist: " + reference.familiar());
        }
        if (platform == null) {
            send(reference, image, auth, progress);
            return;
        }
        var wanted = catalog.find(reference.familiar(), platform);
        if (!MediaTypes.isIndex(image.target().mediaType())) {
            send(reference, image, auth, progress);
            return;
        }
        var manifest = catalog.member(image.target(), wanted.manifestDigest());
        // containerd pushes what has a name: the one manifest gets one meanwhile
        var alone = new Image(ImageNames.DANGLING + UUID.randomUUID(), manifest, Map.of());
        catalog.containerd().images().put(alone);
        try {
            send(reference, alone, auth, progress);
        } finally {
            LayerStore.cleanUp(() -> catalog.containerd().images().delete(alone.name(), false));
        }
    }

    private void send(Reference reference, Image image, @Nullable AuthConfig auth, Progress progress)
            throws IOException {
        var layers = new Layers(progress);
        try {
            catalog.containerd()
                    .transfer()
                    .push(image.name(), reference.toString(), registries.get().of(reference, auth), layers::accept);
        } catch (ContainerdException e) {
            throw new EngineException(EngineException.Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        var details = catalog.details(image.target());
        for (var layer : details.manifest().layers()) {
            layers.done(layer.digest());
        }
        String tag = reference.tag() == null ? "latest" : reference.tag();
        progress.status(tag + ": digest: " + image.target().digest() + " size: "
                + image.target().size());
        String aux = Jsonb.instance()
                .toJson(new PushResult(
                        tag, image.target().digest(), image.target().size()));
        progress.send(new ProgressMessage(
                null, new ProgressDetail(null, null, null, null), null, null, null, aux, null, null));
        events.publish("image", "push", reference.familiar(), Map.of("name", reference.familiarName()));
    }

    /** The steps of the layers: Preparing, Pushing, then Pushed or Layer already exists. */
    private static final class Layers {
        private final Progress progress;
        private final Set<String> begun = new HashSet<>();
        private final Set<String> done = new HashSet<>();

        Layers(Progress progress) {
            this.progress = progress;
        }

        void accept(TransferProgress event) {
            var blob = event.descriptor();
            if (blob == null || !MediaTypes.isLayer(blob.mediaType())) {
                return;
            }
            try {
                step(blob.digest(), event);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void step(String digest, TransferProgress event) throws IOException {
            begin(digest);
            switch (event.event()) {
                case "exists", "already exists" -> end(digest, "Layer already exists");
                case "mounted" -> end(digest, "Mounted from " + event.name());
                case "complete", "done", "uploaded" -> end(digest, "Pushed");
                case "pushing", "uploading" -> {
                    if (event.total() > 0 && !done.contains(digest)) {
                        progress.step(
                                id(digest), "Pushing", new ProgressDetail(event.progress(), event.total(), null, null));
                    }
                }
                default -> {}
            }
        }

        private void begin(String digest) throws IOException {
            if (begun.add(digest)) {
                progress.step(id(digest), "Preparing");
            }
        }

        private void end(String digest, String how) throws IOException {
            if (done.add(digest)) {
                progress.step(id(digest), how);
            }
        }

        void done(String digest) throws IOException {
            begin(digest);
            end(digest, "Pushed");
        }

        private static String id(String digest) {
            return digest.substring(7, 7 + SHORT_ID);
        }
    }
}
