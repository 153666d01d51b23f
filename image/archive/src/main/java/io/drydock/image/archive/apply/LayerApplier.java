package io.drydock.image.archive.apply;

import io.drydock.image.archive.stream.LayerStream;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes layers into directories:
 *
 * <pre>{@code
 * LayerApplier applier = new LayerApplier(Linux.system());
 * AppliedLayer layer = applier.apply(blob, directory, new ApplyOptions(Whiteouts.OVERLAY));
 * // compare layer.diffId() with the image's, then publish the directory
 * }</pre>
 *
 * A layer needs no parent to be written with {@code OVERLAY}; where it does, {@link ParentNeededException} says so. Nothing
 * outside the directory can be touched, whatever the layer holds. After a failure the directory holds a part of the layer
 * and is to be thrown away. Nothing is synced to disk. Thread-safe; each call runs on threads of its own.
 */
public final class LayerApplier {
    private final Linux linux;

    /** Writes with this kernel's calls. */
    public LayerApplier(Linux linux) {
        this.linux = linux;
    }

    /**
     * Reads a layer (tar, plain or compressed with gzip or zstd) to its end and writes it.
     *
     * @param layer read to the end, not closed
     * @param directory exists; empty for the OVERLAY kinds
     * @throws ParentNeededException if this layer must be written onto its parents
     * @throws IOException if the layer is broken, leads out of the directory, exceeds a limit or cannot be written
     */
    public AppliedLayer apply(InputStream layer, Path directory, ApplyOptions options) throws IOException {
        Worker worker = new Worker(layer, directory, options);
        // the writer blocks in system calls, which would pin a virtual thread's carrier
        Thread thread = Thread.ofPlatform().name("layer-write").daemon().start(worker);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while applying the layer");
        }
        return worker.outcome();
    }

    private final class Worker implements Runnable {
        private final InputStream layer;
        private final Path directory;
        private final ApplyOptions options;
        private @Nullable AppliedLayer applied;
        private @Nullable Throwable failure;

        Worker(InputStream layer, Path directory, ApplyOptions options) {
            this.layer = layer;
            this.directory = directory;
            this.options = options;
        }

        @Override
        public void run() {
            try (Fd root = linux.files().open(directory.toString(), O.RDONLY | O.DIRECTORY);
                    LayerStream stream = new LayerStream(layer, options.maxBytes());
                    TreeWriter writer = new TreeWriter(linux, root, options)) {
                writer.write(stream);
                LayerStream.Finished finished = stream.finish();
                applied = new AppliedLayer(finished.diffId(), finished.size(), writer.entries(), writer.implied());
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
        }

        AppliedLayer outcome() throws IOException {
            return switch (failure) {
                case null -> Objects.requireNonNull(applied);
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            };
        }
    }
}
