package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The blobs of repositories. Safe for threads. */
public final class Blobs {
    private final Layout layout;

    Blobs(Layout layout) {
        this.layout = layout;
    }

    /** The blob's bytes if the repository has it. The caller closes the channel. */
    public Optional<FileChannel> open(String repository, Digest digest) throws IOException {
        return Files.exists(layout.layerLink(repository, digest)) ? open(digest) : Optional.empty();
    }

    Optional<FileChannel> open(Digest digest) throws IOException {
        try {
            return Optional.of(FileChannel.open(layout.blob(digest), StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether the repository has the blob. */
    public boolean has(String repository, Digest digest) {
        return Files.exists(layout.layerLink(repository, digest)) && Files.exists(layout.blob(digest));
    }

    /** Gives a repository the blob of another one; false if that one does not have it. */
    public boolean mount(String repository, String from, Digest digest) throws IOException {
        if (!has(from, digest)) {
            return false;
        }
        Layout.writeLink(layout.layerLink(repository, digest), digest);
        return true;
    }

    /** Takes the blob from the repository; false if it does not have it. */
    public boolean delete(String repository, Digest digest) throws IOException {
        return Files.deleteIfExists(layout.layerLink(repository, digest));
    }

    /** Makes a finished file a blob of the repository. The file is gone afterwards. */
    void publish(String repository, Digest digest, Path file) throws IOException {
        var blob = layout.blob(digest);
        if (Files.exists(blob)) {
            Files.delete(file);
        } else {
            Files.createDirectories(blob.getParent());
            Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
        }
        Layout.writeLink(layout.layerLink(repository, digest), digest);
    }
}
