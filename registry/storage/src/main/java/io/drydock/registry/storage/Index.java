package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What lists need, in a database beside the layout, so that they cost what they give. The layout is what counts: each answer first
 * looks at the times of the directories that it comes from, so that what another program has written there is seen, too. Only a tag's
 * link that another program removes while its directory stays is not noticed; {@link #rebuild} does.
 */
public final class Index implements AutoCloseable {
    private final IndexDatabase database;
    private final TagIndex tags;
    private final RepositoryIndex repositories;
    private final ManifestIndex manifests;

    /** @param file of the database; made when it is needed */
    Index(Driver driver, Links links, Path file) {
        this.database = new IndexDatabase(file);
        this.tags = new TagIndex(driver, links, database);
        this.repositories = new RepositoryIndex(driver, database);
        this.manifests = new ManifestIndex(driver, database);
    }

    TagIndex tags() {
        return tags;
    }

    RepositoryIndex repositories() {
        return repositories;
    }

    ManifestIndex manifests() {
        return manifests;
    }

    /**
     * Forgets everything and reads it again.
     *
     * @return how many repositories there are
     */
    public int rebuild() throws IOException {
        database.clear();
        tags.clear();
        List<String> all = repositories.page("", Integer.MAX_VALUE - 1).names();
        for (var repository : all) {
            tags.page(repository, "", 0);
            manifests.refresh(repository);
        }
        return all.size();
    }

    @Override
    public void close() throws IOException {
        database.close();
    }
}
