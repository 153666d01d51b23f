package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The blobs of repositories. Safe for threads. */
public final class Blobs {
    private final Layout layout;
    private final Guard guard;

    Blobs(Layout layout, Guard guard) {
        this.layout = layout;
        this.guard = guard;
    }

    /** The blob's bytes if the repository has it. The caller closes the channel. */
    public Optional<FileChannel> open(String repository, Digest digest) throws IOException {
        if (!Files.exists(layout.layerLink(repository, digest))) {
            return Optional.empty();
        }
        try {
            return Optional.of(FileChannel.open(layout.blob(digest), StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether the repository has the blob. If it has, garbage collection lets the blob be for its grace period. */
    public boolean has(String repository, Digest digest) throws IOException {
        return guard.use(() -> reserve(repository, digest));
    }

    /** As {@link #has}, for callers that are in a {@link Guard#use}. */
    boolean reserve(String repository, Digest digest) throws IOException {
        return guard.touch(layout.layerLink(repository, digest)) && guard.touch(layout.blob(digest));
    }

    /** The bytes of all blobs of a repository, those included that it shares with others. */
    public long usage(String repository) throws IOException {
        long bytes = 0;
        for (var digest : Layout.links(layout.layers(repository))) {
            bytes += size(digest);
        }
        return bytes;
    }

    /** A blob's size in bytes, whichever repository has it; 0 if none has it. */
    public long size(Digest digest) throws IOException {
        try {
            return Files.size(layout.blob(digest));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Gives a repository the blob of another one; false if that one does not have it. */
    public boolean mount(String repository, String from, Digest digest) throws IOException {
        return guard.use(() -> {
            if (!reserve(from, digest)) {
                return false;
            }
            link(repository, digest);
            return true;
        });
    }

    /** Gives a repository a blob that any repository has; false if none has it. */
    public boolean adopt(String repository, Digest digest) throws IOException {
        return guard.use(() -> {
            if (!guard.touch(layout.blob(digest))) {
                return false;
            }
            link(repository, digest);
            return true;
        });
    }

    private void link(String repository, Digest digest) throws IOException {
        var link = layout.layerLink(repository, digest);
        Layout.writeLink(link, digest);
        guard.touch(link);
    }

    /** Takes the blob from the repository; false if it does not have it. */
    public boolean delete(String repository, Digest digest) throws IOException {
        return Durable.delete(layout.layerLink(repository, digest));
    }

    /** Makes a finished, synced file a blob of the repository. The file is gone afterwards. */
    void publish(String repository, Digest digest, Path file) throws IOException {
        guard.use(() -> {
            var blob = layout.blob(digest);
            if (guard.touch(blob)) {
                Files.delete(file);
            } else {
                Durable.directories(Layout.directory(blob));
                Durable.rename(file, blob);
                guard.touch(blob);
            }
            link(repository, digest);
            return true;
        });
    }
}
