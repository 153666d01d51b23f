package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The blobs of repositories. Safe for threads. */
public final class Blobs {
    private final Driver driver;
    private final Links links;
    private final Guard guard;

    Blobs(Driver driver, Links links, Guard guard) {
        this.driver = driver;
        this.links = links;
        this.guard = guard;
    }

    /** The blob's bytes if the repository has it. The caller closes them. */
    public Optional<Driver.Content> open(String repository, Digest digest) throws IOException {
        return driver.exists(Layout.layerLink(repository, digest))
                ? driver.open(Layout.blob(digest))
                : Optional.empty();
    }

    /**
     * Where a client can get the blob by itself, if the repository has it and the storage gives it to clients.
     *
     * @param method that the client will use there, GET or HEAD
     * @param lifetime of the address
     */
    public Optional<URI> redirect(String repository, Digest digest, String method, Duration lifetime)
            throws IOException {
        var address = driver.redirect(Layout.blob(digest), method, lifetime);
        return address.isPresent()
                        && driver.exists(Layout.layerLink(repository, digest))
                        && driver.exists(Layout.blob(digest))
                ? address
                : Optional.empty();
    }

    /** Whether the repository has the blob. If it has, garbage collection lets the blob be for its grace period. */
    public boolean has(String repository, Digest digest) throws IOException {
        return guard.use(() -> reserve(repository, digest));
    }

    /** As {@link #has}, for callers that are in a {@link Guard#use}. */
    boolean reserve(String repository, Digest digest) throws IOException {
        return guard.touch(Layout.layerLink(repository, digest)) && guard.touch(Layout.blob(digest));
    }

    /** The bytes of all blobs of a repository, those included that it shares with others. */
    public long usage(String repository) throws IOException {
        long bytes = 0;
        for (var digest : links.in(Layout.layers(repository))) {
            bytes += size(digest);
        }
        return bytes;
    }

    /** A blob's size in bytes, whichever repository has it; 0 if none has it. */
    public long size(Digest digest) throws IOException {
        return driver.stat(Layout.blob(digest)).map(Driver.Stat::size).orElse(0L);
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
            if (!guard.touch(Layout.blob(digest))) {
                return false;
            }
            link(repository, digest);
            return true;
        });
    }

    private void link(String repository, Digest digest) throws IOException {
        var link = Layout.layerLink(repository, digest);
        links.write(link, digest);
        guard.touch(link);
    }

    /** Takes the blob from the repository; false if it does not have it. */
    public boolean delete(String repository, Digest digest) throws IOException {
        return driver.delete(Layout.layerLink(repository, digest));
    }

    /** Makes a finished, sealed file a blob of the repository. The file is gone afterwards. */
    void publish(String repository, Digest digest, String file) throws IOException {
        guard.use(() -> {
            var blob = Layout.blob(digest);
            if (guard.touch(blob)) {
                driver.delete(file);
            } else {
                driver.move(file, blob);
                guard.touch(blob);
            }
            link(repository, digest);
            return true;
        });
    }

    /** Makes a file that has been written where the blob belongs a blob of the repository. */
    void publish(String repository, Digest digest, Driver.Creation file) throws IOException {
        guard.use(() -> {
            var blob = Layout.blob(digest);
            if (!guard.touch(blob)) {
                file.commit();
                guard.touch(blob);
            }
            link(repository, digest);
            return true;
        });
    }
}
