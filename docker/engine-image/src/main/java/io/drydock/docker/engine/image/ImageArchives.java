package io.drydock.docker.engine.image;

import io.drydock.containerd.client.Descriptor;
import io.drydock.containerd.client.PullRequest;
import io.drydock.image.archive.apply.ApplyOptions;
import io.drydock.image.archive.apply.LayerApplier;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.ContainerDefaults;
import io.drydock.spec.oci.image.History;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.RootFs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images from and to tar archives. */
public final class ImageArchives {
    private final ImageCatalog catalog;
    private final ImageTags tags;
    private final LayerStore layers;
    private final LayerApplier applier;
    private final Path scratch;
    private final String architecture;
    private final EventSink events;
    private final ImageLoader loader;
    private final ImageSaver saver;

    /**
     * @param scratch where archives may be kept while they are read
     * @param architecture this machine's, as OCI names it
     */
    public ImageArchives(
            ImageCatalog catalog, ImageTags tags, Linux linux, Path scratch, String architecture, EventSink events) {
        this.catalog = catalog;
        this.tags = tags;
        this.layers = new LayerStore(catalog.containerd());
        this.applier = new LayerApplier(linux);
        this.scratch = scratch;
        this.architecture = architecture;
        this.events = events;
        this.loader = new ImageLoader(catalog, tags, layers, events);
        this.saver = new ImageSaver(catalog, events);
    }

    /** Loads the images of an archive that {@code docker save}, skopeo or podman made. */
    public void load(InputStream tar, List<Platform> platforms, boolean quiet, Progress progress) throws IOException {
        loader.load(tar, platforms, quiet, progress);
    }

    /** Writes an archive; {@link #save} has checked that there is what it needs. */
    @FunctionalInterface
    public interface Saving {
        void to(OutputStream tar) throws IOException;
    }

    /**
     * Images as an archive.
     *
     * @param images names (without a tag: all tags), ids
     * @param platforms of images for several, none for all
     * @throws EngineException NOT_FOUND for a name of nothing, before anything is written
     */
    public Saving save(List<String> images, List<Platform> platforms) {
        var selection = saver.select(images, platforms);
        return tar -> saver.save(selection, platforms, tar);
    }

    /**
     * Makes an image of one layer from a tar of a root file system.
     *
     * @param repository empty for an image without a name
     * @param platform that the image is said to be for; empty for this machine's
     */
    public void importTar(
            InputStream tar,
            String repository,
            String tag,
            String message,
            List<String> changes,
            String platform,
            Progress progress)
            throws IOException {
        var wanted = PlatformText.parse(platform.isEmpty() ? "linux" : platform, architecture);
        var name = repository.isEmpty() ? null : ImageNames.parse(repository, tag);
        var defaults = ConfigChanges.apply(ConfigChanges.NONE, changes);
        String id;
        try {
            id = importLayer(tar, name, message, defaults, wanted);
        } catch (IOException e) {
            // the kernel's words begin in upper case from Java's own calls
            String words = String.valueOf(e.getMessage()).replace("No space left", "no space left");
            throw EngineException.system("import: " + words, e);
        }
        progress.status(id);
        events.publish("image", "import", id, Map.of("name", name == null ? id : name.familiar()));
    }

    private String importLayer(
            InputStream tar,
            @Nullable Reference name,
            String message,
            ContainerDefaults defaults,
            PullRequest.Platform platform)
            throws IOException {
        return layers.leased(leased -> {
            try (var layer = SpooledLayer.of(tar, scratch)) {
                layer.store(leased);
                String diffId = unpack(leased, layer);
                String now = Instant.now().toString();
                var history = new History(now, null, null, message.isEmpty() ? "Imported from -" : message, null);
                var config = new ImageConfig(
                        now,
                        null,
                        platform.architecture(),
                        platform.variant().isEmpty() ? null : platform.variant(),
                        platform.os(),
                        null,
                        List.of(),
                        defaults,
                        new RootFs("layers", List.of(diffId)),
                        List.of(history),
                        null,
                        null,
                        null);
                var manifest = ImageBlobs.store(leased, config, List.of(layer.descriptor()));
                name(name, manifest);
                return manifest.digest();
            }
        });
    }

    private void name(@Nullable Reference name, Descriptor manifest) {
        if (name == null) {
            tags.keepNameless(manifest);
        } else {
            tags.put(name, manifest);
        }
    }

    /** Unpacks the lowest layer of an image; its diff ID is known only afterwards, so the snapshot gets its name last. */
    private String unpack(io.drydock.containerd.client.ContainerdClient leased, SpooledLayer layer) throws IOException {
        return layers.unpackBase(leased, directory -> {
            try (InputStream in = layer.open()) {
                return applier.apply(in, directory, new ApplyOptions(ApplyOptions.Whiteouts.OVERLAY))
                        .diffId();
            }
        });
    }
}
