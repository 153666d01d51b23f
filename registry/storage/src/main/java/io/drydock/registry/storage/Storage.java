package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.registry.storage.driver.FilesystemDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A registry's storage in the layout of the package, on any driver. Several processes may use the same files. */
public final class Storage implements AutoCloseable {
    private final Driver driver;
    private final @Nullable Index index;
    private final Blobs blobs;
    private final Uploads uploads;
    private final Manifests manifests;
    private final Referrers referrers;
    private final Garbage garbage;
    private final Scrub scrub;
    private final Eviction eviction;

    /** @param driver is closed with this */
    public Storage(Driver driver) {
        this.driver = driver;
        var links = new Links(driver);
        var guard = new Guard(driver);
        // object stores list by pages themselves, and a file beside one process would not know what the others do
        this.index = driver instanceof FilesystemDriver directory
                ? new Index(driver, links, directory.file(".drydock/index.db"))
                : null;
        this.blobs = new Blobs(driver, links, guard);
        this.uploads = new Uploads(driver, guard, blobs);
        this.referrers = new Referrers(driver, links, guard, index);
        this.manifests = new Manifests(driver, links, guard, blobs, referrers, index);
        this.garbage = new Garbage(driver, links, guard, referrers);
        this.scrub = new Scrub(driver, links, guard);
        this.eviction = new Eviction(driver, links, manifests, blobs);
    }

    /**
     * A directory as storage.
     *
     * @throws IOException when the directory cannot be made
     */
    public static Storage in(Path directory) throws IOException {
        return new Storage(new FilesystemDriver(directory));
    }

    /** Where the files are. */
    public Driver driver() {
        return driver;
    }

    /** Why the storage cannot be used at the moment; empty if it can. */
    public Optional<String> failure() {
        return driver.failure();
    }

    public Blobs blobs() {
        return blobs;
    }

    public Uploads uploads() {
        return uploads;
    }

    public Manifests manifests() {
        return manifests;
    }

    public Referrers referrers() {
        return referrers;
    }

    public Garbage garbage() {
        return garbage;
    }

    public Eviction eviction() {
        return eviction;
    }

    public Scrub scrub() {
        return scrub;
    }

    /** The index beside the files, if they need one. */
    public Optional<Index> index() {
        return Optional.ofNullable(index);
    }

    @Override
    public void close() throws IOException {
        if (index != null) {
            index.close();
        }
        driver.close();
    }
}
