package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.PullRequest;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.oci.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pulls images by containerd's Transfer service, told in the original's words. */
public final class ImagePuller {
    private final ImageCatalog catalog;
    private final ImageTags tags;
    private final Supplier<RegistrySettings> registries;
    private final EventSink events;

    public ImagePuller(ImageCatalog catalog, ImageTags tags, Supplier<RegistrySettings> registries, EventSink events) {
        this.catalog = catalog;
        this.tags = tags;
        this.registries = registries;
        this.events = events;
    }

    /**
     * Pulls one image.
     *
     * @param tag empty if the name has one, or for latest; a digest is taken, too
     * @param platform {@code os/arch[/variant]}; empty for this machine's
     */
    public void pull(String name, String tag, String platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException {
        var reference = ImageNames.parse(name, tag);
        String object = reference.object().orElse("latest");
        var before = catalog.byName(reference.toString());
        if (before != null) {
            // the pull may move the name: what it points at now must outlive that
            tags.keepDangling(reference.toString(), "");
        }
        progress.send(new io.drydock.spec.engine.ProgressMessage(
                "Pulling from " + reference.path(), null, null, object, null, null, null, null));
        var layers = new PullProgress(progress);
        var request = new PullRequest(
                reference.toString(),
                reference.toString(),
                Map.of(),
                platform.isEmpty() ? List.of() : List.of(PlatformText.parse(platform, catalog.architecture())),
                ImageCatalog.SNAPSHOTTER,
                registries.get().of(reference, auth));
        try {
            catalog.containerd().transfer().pull(request, layers);
        } catch (ContainerdException e) {
            throw failure(reference, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            if (before != null) {
                tags.forgetDangling(before.target().digest());
            }
        }
        layers.finish();
        var now = catalog.byName(reference.toString());
        String digest = now == null ? "" : now.target().digest();
        progress.status("Digest: " + digest);
        boolean same = before != null && before.target().digest().equals(digest);
        progress.status((same ? "Status: Image is up to date for " : "Status: Downloaded newer image for ")
                + reference.familiar());
        events.publish("image", "pull", reference.familiar(), Map.of("name", reference.familiarName()));
    }

    static EngineException failure(Reference reference, ContainerdException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case NOT_FOUND ->
                message.contains("manifest unknown") || message.contains("MANIFEST_UNKNOWN")
                        ? EngineException.notFound("manifest for " + reference.familiar()
                                + " not found: manifest unknown: manifest unknown")
                        : EngineException.notFound("pull access denied for " + reference.familiarName()
                                + ", repository does not exist or may require 'docker login': denied: requested access to "
                                + "the resource is denied");
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                EngineException.notFound("pull access denied for " + reference.familiarName()
                        + ", repository does not exist or may require 'docker login': " + message);
            default -> new EngineException(EngineException.Kind.SYSTEM, message, e);
        };
    }
}
