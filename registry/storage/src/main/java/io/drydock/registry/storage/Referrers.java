package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which manifests name another one as their subject. The layout of Docker's registry does not say, so there is an index of
 * links beside it. It is brought up to date when it is asked, from the revisions that are new since: so it also knows what
 * another program has written, and may be removed at any time.
 */
public final class Referrers {
    /** Directory times are no finer than this on every kernel, in milliseconds; a change that recent is looked at again. */
    private static final long UNSURE_MS = 100;

    /** Where directories have no times: so many revisions are remembered as looked at. */
    private static final int MOST_SEEN = 200_000;

    private final Driver driver;
    private final Links links;
    private final Guard guard;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    Referrers(Driver driver, Links links, Guard guard) {
        this.driver = driver;
        this.links = links;
        this.guard = guard;
    }

    /** The digests of the manifests that name the subject; none if the repository does not exist. */
    public List<Digest> of(String repository, Digest subject) throws IOException {
        for (var algorithm : driver.list(Layout.revisions(repository))) {
            guard.use(() -> driver.keepsDirectories()
                    ? updateByTime(repository, algorithm)
                    : updateByNames(repository, algorithm));
        }
        var found = new ArrayList<Digest>();
        for (var referrer : links.in(Layout.referrers(repository, subject))) {
            if (driver.exists(Layout.revisionLink(repository, referrer))) {
                found.add(referrer);
            }
        }
        return found;
    }

    /** Notes a manifest that is being pushed, where looking for it later would cost a list. */
    void note(String repository, Digest digest, byte[] manifest) throws IOException {
        if (!driver.keepsDirectories()) {
            link(repository, digest, manifest);
            remember(Layout.revisionLink(repository, digest));
        }
    }

    private boolean updateByTime(String repository, String algorithm) throws IOException {
        var directory = Layout.revisions(repository) + "/" + algorithm;
        var mark = Layout.referrers(repository) + "/." + algorithm;
        var done = driver.read(mark)
                .map(text -> Instant.parse(new String(text, StandardCharsets.US_ASCII)))
                .orElse(Instant.EPOCH);
        var changed = driver.stat(directory).map(Driver.Stat::modified).orElse(done);
        if (changed.equals(done)) {
            return false;
        }
        for (var hex : driver.list(directory)) {
            var time = driver.stat(directory + "/" + hex).map(Driver.Stat::modified);
            if (time.isPresent() && !time.get().isBefore(done.minusMillis(UNSURE_MS))) {
                index(repository, algorithm + ":" + hex);
            }
        }
        // what came in the same tick of the clock as the change seen would not show
        if (changed.isBefore(Instant.now().minusMillis(UNSURE_MS))) {
            driver.write(mark, changed.toString().getBytes(StandardCharsets.US_ASCII));
        }
        return true;
    }

    private boolean updateByNames(String repository, String algorithm) throws IOException {
        var directory = Layout.revisions(repository) + "/" + algorithm;
        for (var hex : driver.list(directory)) {
            var link = directory + "/" + hex + "/link";
            if (!seen.contains(link)) {
                index(repository, algorithm + ":" + hex);
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

    private void index(String repository, String text) throws IOException {
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
        try {
            var subject = References.of(manifest).subject();
            if (subject.isPresent()) {
                var link = Layout.referrerLink(repository, subject.get(), digest);
                if (!driver.exists(link)) {
                    links.write(link, digest);
                }
            }
        } catch (IllegalArgumentException e) {
            return; // nothing that could have a subject
        }
    }
}
