package io.drydock.docker.api;

import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.DistributionInspect;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.IdResponse;
import io.drydock.spec.engine.ImageDeleteItem;
import io.drydock.spec.engine.ImageHistoryItem;
import io.drydock.spec.engine.ImageInspect;
import io.drydock.spec.engine.ImageSummary;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.engine.ProgressMessage;
import io.drydock.spec.engine.PruneImagesResponse;
import io.drydock.spec.engine.SearchResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the image endpoints need. Progress that cannot be delivered ends the work: the client has gone. */
public interface ImageBackend {
    List<ImageSummary> list(boolean all, boolean sharedSize, boolean manifests, Filters filters);

    /** @param platform null for what runs here */
    ImageInspect inspect(String image, boolean manifests, @Nullable Platform platform);

    /** @param platform null for what runs here */
    List<ImageHistoryItem> history(String image, @Nullable Platform platform);

    /** @param limit 0 for the usual number of results */
    List<SearchResult> search(String term, int limit, Filters filters, @Nullable AuthConfig auth);

    /** What a registry has under a name. */
    DistributionInspect inspectRemote(String image, @Nullable AuthConfig auth);

    void tag(String image, String repository, String tag);

    List<ImageDeleteItem> remove(String image, boolean force, boolean noPrune);

    PruneImagesResponse prune(Filters filters);

    /** Errors before the first progress are thrown. */
    void pull(String image, String tag, String platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException, InterruptedException;

    /** @param platform whose manifest alone is pushed; null for all */
    void push(String image, String tag, @Nullable Platform platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException, InterruptedException;

    /** @param platforms of images for several, none for all */
    void load(InputStream tar, List<Platform> platforms, boolean quiet, Progress progress)
            throws IOException, InterruptedException;

    /** Throws for an image that there is not; the archive is written by what it returns. */
    Saving save(List<String> images, List<Platform> platforms);

    /** Writes an archive. */
    @FunctionalInterface
    interface Saving {
        void to(OutputStream tar) throws IOException;
    }

    void importTar(
            InputStream tar,
            String repository,
            String tag,
            String message,
            List<String> changes,
            String platform,
            Progress progress)
            throws IOException, InterruptedException;

    IdResponse commit(Commit commit);

    /**
     * What {@code docker commit} asks for.
     *
     * @param config instead of the container's; null for none
     */
    record Commit(
            String container,
            String repository,
            String tag,
            String comment,
            String author,
            boolean pause,
            List<String> changes,
            @Nullable ContainerConfig config) {}

    /** Takes progress. */
    @FunctionalInterface
    interface Progress {
        void send(ProgressMessage message) throws IOException;
    }
}
