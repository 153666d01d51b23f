package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Labels;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** One image from the content store to a registry: its blobs side by side, then the manifests, then the tag. */
final class ImagePush {
    /** How many run at once unless the client says it. */
    static final int UPLOADS = 5;

    private final RemoteRepository repository;
    private final Reference reference;
    private final ContentStore content;
    private final Documents documents;
    private final String namespace;
    private final ProgressReport progress;

    ImagePush(
            RemoteRepository repository,
            Reference reference,
            ContentStore content,
            String namespace,
            ProgressReport progress) {
        this.repository = repository;
        this.reference = reference;
        this.content = content;
        this.documents = new Documents(content);
        this.namespace = namespace;
        this.progress = progress;
    }

    /**
     * Pushes what the descriptor stands for under the reference's tag, or by its digest alone if there is none.
     *
     * @param uploads at once, at least one
     */
    void push(String mediaType, String digest, int uploads) throws IOException {
        var blobs = new LinkedHashMap<String, Descriptor>();
        var manifests = new LinkedHashMap<String, String>();
        collect(mediaType, digest, blobs, manifests);
        blobs(List.copyOf(blobs.values()), new Semaphore(uploads));
        for (var manifest : manifests.entrySet()) {
            var bytes = documents.read(namespace, manifest.getKey());
            boolean root = manifest.getKey().equals(digest);
            var name = root && reference.tag() != null ? reference.tag() : manifest.getKey();
            progress.step("uploading", manifest.getValue(), manifest.getKey(), 0, bytes.length);
            repository.pushManifest(name, manifest.getValue(), bytes);
            progress.step("complete", manifest.getValue(), manifest.getKey(), bytes.length, bytes.length);
        }
    }

    /** All blobs below a manifest or index, and all manifests, the inner ones first. */
    private void collect(String mediaType, String digest, Map<String, Descriptor> blobs, Map<String, String> manifests)
            throws IOException {
        if (MediaTypes.isIndex(mediaType)) {
            for (var manifest :
                    Documents.index(documents.read(namespace, digest)).manifests()) {
                // a pull brings some platforms of an index only
                if (documents.has(namespace, manifest.digest())) {
                    collect(manifest.mediaType(), manifest.digest(), blobs, manifests);
                }
            }
        } else {
            var manifest = Documents.manifest(documents.read(namespace, digest));
            if (manifest.config() != null) {
                blobs.put(manifest.config().digest(), manifest.config());
            }
            manifest.layers().forEach(layer -> blobs.put(layer.digest(), layer));
        }
        manifests.put(digest, mediaType);
    }

    private void blobs(List<Descriptor> blobs, Semaphore uploads) throws IOException {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("push-", 0).factory())) {
            var running = new ArrayList<Future<?>>();
            for (var blob : blobs) {
                running.add(threads.submit(() -> {
                    uploads.acquire();
                    try {
                        blob(blob);
                    } finally {
                        uploads.release();
                    }
                    return blob;
                }));
            }
            for (var upload : running) {
                await(upload, threads);
            }
        }
    }

    private static void await(Future<?> upload, ExecutorService threads) throws IOException {
        try {
            upload.get();
        } catch (ExecutionException e) {
            threads.shutdownNow();
            switch (Objects.requireNonNull(e.getCause())) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Throwable cause -> throw new IOException("push: " + cause, cause);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("push cancelled");
        }
    }

    private void blob(Descriptor blob) throws IOException {
        progress.step("waiting", blob.mediaType(), blob.digest(), 0, blob.size());
        var from = from(blob.digest());
        var pushed = repository.pushBlob(
                blob.digest(),
                blob.size(),
                from,
                offset -> Channels.newInputStream(
                        content.open(namespace, blob.digest()).position(offset)),
                sent -> progress.bytes("uploading", blob.mediaType(), blob.digest(), sent, blob.size()));
        switch (pushed) {
            case EXISTED -> progress.step("already exists", blob.mediaType(), blob.digest(), blob.size(), blob.size());
            case MOUNTED -> progress.named("mounted", from, blob.mediaType(), blob.digest(), blob.size());
            case UPLOADED -> progress.step("complete", blob.mediaType(), blob.digest(), blob.size(), blob.size());
        }
    }

    /** Another repository of this registry that has the blob, as its labels tell; empty if none is known. */
    private String from(String digest) {
        var known = content.info(namespace, digest)
                .labels()
                .getOrDefault(Labels.DISTRIBUTION_SOURCE + reference.domain(), "");
        for (var repository : known.split(",")) {
            if (!repository.isEmpty() && !repository.equals(reference.path())) {
                return repository;
            }
        }
        return "";
    }
}
