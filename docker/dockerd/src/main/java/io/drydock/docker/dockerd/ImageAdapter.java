package io.drydock.docker.dockerd;

import io.drydock.docker.api.ImageBackend;
import io.drydock.docker.engine.container.Committer;
import io.drydock.docker.engine.image.ImageArchives;
import io.drydock.docker.engine.image.ImageCommitter;
import io.drydock.docker.engine.image.ImagePuller;
import io.drydock.docker.engine.image.ImagePusher;
import io.drydock.docker.engine.image.ImageSearch;
import io.drydock.docker.engine.image.ImageTags;
import io.drydock.docker.engine.image.ImageViews;
import io.drydock.docker.engine.image.RemoteImages;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.DistributionInspect;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.IdResponse;
import io.drydock.spec.engine.ImageDeleteItem;
import io.drydock.spec.engine.ImageHistoryItem;
import io.drydock.spec.engine.ImageInspect;
import io.drydock.spec.engine.ImageSummary;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.engine.PruneImagesResponse;
import io.drydock.spec.engine.SearchResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets the image endpoints reach the engine. */
record ImageAdapter(
        ImageViews views,
        ImageTags tags,
        ImagePuller puller,
        ImagePusher pusher,
        ImageArchives archives,
        RemoteImages remote,
        ImageSearch search,
        Committer containers,
        ImageCommitter committer)
        implements ImageBackend {
    @Override
    public List<ImageSummary> list(boolean all, boolean sharedSize, boolean manifests, Filters filters) {
        return views.list(sharedSize, manifests, filters);
    }

    @Override
    public ImageInspect inspect(String image, boolean manifests, @Nullable Platform platform) {
        return views.inspect(image, manifests, platform);
    }

    @Override
    public List<ImageHistoryItem> history(String image, @Nullable Platform platform) {
        return views.history(image, platform);
    }

    @Override
    public List<SearchResult> search(String term, int limit, Filters filters, @Nullable AuthConfig auth) {
        return search.search(term, limit, filters, auth);
    }

    @Override
    public void tag(String image, String repository, String tag) {
        tags.tag(image, repository, tag);
    }

    @Override
    public List<ImageDeleteItem> remove(String image, boolean force, boolean noPrune) {
        return tags.remove(image, force);
    }

    @Override
    public PruneImagesResponse prune(Filters filters) {
        return tags.prune(filters);
    }

    @Override
    public void pull(String image, String tag, String platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException {
        puller.pull(image, tag, platform, auth, progress::send);
    }

    @Override
    public void push(
            String image, String tag, @Nullable Platform platform, @Nullable AuthConfig auth, Progress progress)
            throws IOException {
        pusher.push(image, tag, platform, auth, progress::send);
    }

    @Override
    public DistributionInspect inspectRemote(String image, @Nullable AuthConfig auth) {
        return remote.inspect(image, auth);
    }

    @Override
    public void load(InputStream tar, List<Platform> platforms, boolean quiet, Progress progress) throws IOException {
        archives.load(tar, platforms, quiet, progress::send);
    }

    @Override
    public Saving save(List<String> images, List<Platform> platforms) {
        return archives.save(images, platforms)::to;
    }

    @Override
    public void importTar(
            InputStream tar,
            String repository,
            String tag,
            String message,
            List<String> changes,
            String platform,
            Progress progress)
            throws IOException {
        archives.importTar(tar, repository, tag, message, changes, platform, progress::send);
    }

    @Override
    public IdResponse commit(Commit commit) {
        var wish = new Committer.Wish(
                commit.repository(),
                commit.tag(),
                commit.comment(),
                commit.author(),
                commit.pause(),
                commit.changes(),
                commit.config());
        return new IdResponse(containers.commit(commit.container(), wish, committer));
    }
}
