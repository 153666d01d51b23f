package io.drydock.docker.engine.image;

import io.drydock.containerd.client.Descriptor;
import io.drydock.containerd.client.TransferProgress;
import io.drydock.spec.engine.ProgressDetail;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns containerd's progress of a pull into the original's words, layer by layer:
 *
 * <pre>
 *   Pulling fs layer → Waiting → Downloading … → Verifying Checksum → Download complete → Extracting … → Pull complete
 *                                                                               or at once → Already exists
 * </pre>
 *
 * Called on one thread, in order. A layer's steps only go forward.
 */
final class PullProgress implements Consumer<TransferProgress> {
    private static final int SHORT_ID = 12;

    private final Progress progress;
    private final Map<String, Step> layers = new HashMap<>();

    private enum Step {
        NEW,
        WAITING,
        DOWNLOADING,
        DOWNLOADED,
        EXTRACTING,
        DONE
    }

    PullProgress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void accept(TransferProgress event) {
        var blob = event.descriptor();
        String digest = digest(event, blob);
        if (digest == null) {
            return;
        }
        try {
            step(digest.substring(7, 7 + SHORT_ID), event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String digest(TransferProgress event, @Nullable Descriptor blob) {
        return blob != null
                        && MediaTypes.isLayer(blob.mediaType())
                        && blob.digest().startsWith("sha256:")
                ? blob.digest()
                : null;
    }

    private void step(String id, TransferProgress event) throws IOException {
        var before = layers.get(id);
        switch (event.event()) {
            case "exists", "already exists", "present" -> {
                if (before == null) {
                    layers.put(id, Step.DONE);
                    progress.step(id, "Already exists");
                }
            }
            case "waiting" -> begin(id);
            case "fetching", "downloading" -> {
                begin(id);
                if (event.total() > 0 && event.progress() > 0 && beforeDownloaded(id)) {
                    layers.put(id, Step.DOWNLOADING);
                    progress.step(id, "Downloading", detail(event));
                }
            }
            case "complete", "done", "downloaded" -> downloaded(id);
            case "extracting", "unpacking" -> {
                downloaded(id);
                if (layers.get(id) != Step.DONE) {
                    layers.put(id, Step.EXTRACTING);
                    progress.step(id, "Extracting", detail(event));
                }
            }
            case "extracted", "unpacked" -> {
                downloaded(id);
                if (layers.put(id, Step.DONE) != Step.DONE) {
                    progress.step(id, "Pull complete");
                }
            }
            default -> {}
        }
    }

    private static ProgressDetail detail(TransferProgress event) {
        return event.total() > 0
                ? new ProgressDetail(event.progress(), event.total(), null, null)
                : new ProgressDetail(null, null, null, null);
    }

    private boolean beforeDownloaded(String id) {
        return layers.getOrDefault(id, Step.WAITING).compareTo(Step.DOWNLOADED) < 0;
    }

    private void begin(String id) throws IOException {
        if (layers.putIfAbsent(id, Step.WAITING) == null) {
            progress.step(id, "Pulling fs layer");
        }
    }

    private void downloaded(String id) throws IOException {
        begin(id);
        if (beforeDownloaded(id)) {
            layers.put(id, Step.DOWNLOADED);
            progress.step(id, "Verifying Checksum");
            progress.step(id, "Download complete");
        }
    }

    /** The pull has ended well: what was not told to be complete is. */
    void finish() throws IOException {
        for (var layer : layers.entrySet()) {
            if (layer.getValue() != Step.DONE) {
                downloaded(layer.getKey());
                layer.setValue(Step.DONE);
                progress.step(layer.getKey(), "Pull complete");
            }
        }
    }
}
