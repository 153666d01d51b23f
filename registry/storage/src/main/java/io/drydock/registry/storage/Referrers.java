package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which manifests name another one as their subject. The layout of Docker's registry does not say. With an index beside a directory it
 * does; object stores have links for it, written with the manifest, and for what another program has written when they are asked.
 */
public final class Referrers {
    /** So many revisions are remembered as looked at. */
    private static final int MOST_SEEN = 200_000;

    private final Driver driver;
    private final Links links;
    private final Guard guard;
    private final @Nullable Index index;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    Referrers(Driver driver, Links links, Guard guard, @Nullable Index index) {
        this.driver = driver;
        this.links = links;
        this.guard = guard;
        this.index = index;
    }

    /** The digests of the manifests that name the subject; none if the repository does not exist. */
    public List<Digest> of(String repository, Digest subject) throws IOException {
        var found = new ArrayList<Digest>();
        for (var referrer :
                index == null ? linked(repository, subject) : index.manifests().about(repository, subject)) {
            if (driver.exists(Layout.revisionLink(repository, referrer))) {
                found.add(referrer);
            }
        }
        return found;
    }

    private List<Digest> linked(String repository, Digest subject) throws IOException {
        for (var algorithm : driver.list(Layout.revisions(repository))) {
            guard.use(() -> update(repository, algorithm));
        }
        return links.in(Layout.referrers(repository, subject));
    }

    /** Notes a manifest that is being pushed, where looking for it later would cost a list. */
    void note(String repository, Digest digest, byte[] manifest) throws IOException {
        if (index == null) {
            link(repository, digest, manifest);
            remember(Layout.revisionLink(repository, digest));
        }
    }

    private boolean update(String repository, String algorithm) throws IOException {
        var directory = Layout.revisions(repository) + "/" + algorithm;
        for (var hex : driver.list(directory)) {
            var link = directory + "/" + hex + "/link";
            if (!seen.contains(link)) {
                look(repository, algorithm + ":" + hex);
                remember(link);
            }
        }
        return true;
    }

    private void remember(String link) {
        if (seen.size() >= MOST_SEEN) {
            seen.clear();
        }
        seen.add(link);
    }

    private void look(String repository, String text) throws IOException {
        if (!Digest.isDigest(text)) {
            return;
        }
        var digest = Digest.parse(text);
        var manifest = driver.read(Layout.blob(digest)); // it may have been deleted meanwhile
        if (manifest.isPresent()) {
            link(repository, digest, manifest.get());
        }
    }

    private void link(String repository, Digest digest, byte[] manifest) throws IOException {
        var subject = References.subjectOf(manifest);
        if (subject.isPresent()) {
            var link = Layout.referrerLink(repository, subject.get(), digest);
            if (!driver.exists(link)) {
                links.write(link, digest);
            }
        }
    }
}
