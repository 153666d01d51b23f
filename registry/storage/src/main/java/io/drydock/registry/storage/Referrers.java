package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Which manifests name another one as their subject. The layout of Docker's registry does not say, so there is an index of
 * links beside it. It is brought up to date when it is asked, from the revisions that are new since: so it also knows what
 * another program has written, and may be removed at any time.
 */
public final class Referrers {
    /** Directory times are no finer than this on every kernel, in milliseconds; a change that recent is looked at again. */
    private static final long UNSURE_MS = 100;

    private final Layout layout;
    private final Guard guard;

    Referrers(Layout layout, Guard guard) {
        this.layout = layout;
        this.guard = guard;
    }

    /** The digests of the manifests that name the subject; none if the repository does not exist. */
    public List<Digest> of(String repository, Digest subject) throws IOException {
        update(repository);
        return Layout.links(layout.referrers(repository, subject)).stream()
                .filter(referrer -> Files.exists(layout.revisionLink(repository, referrer)))
                .toList();
    }

    private void update(String repository) throws IOException {
        for (var algorithm : Layout.children(layout.revisions(repository))) {
            guard.use(() -> update(repository, algorithm));
        }
    }

    private boolean update(String repository, Path algorithm) throws IOException {
        var mark = layout.referrers(repository).resolve("." + algorithm.getFileName());
        var done = read(mark);
        var changed = Files.getLastModifiedTime(algorithm).toInstant();
        if (changed.equals(done)) {
            return false;
        }
        for (var revision : Layout.children(algorithm)) {
            index(repository, revision, done);
        }
        // what came in the same tick of the clock as the change seen would not show
        if (changed.isBefore(Instant.now().minusMillis(UNSURE_MS))) {
            Durable.write(mark, changed.toString().getBytes(StandardCharsets.US_ASCII));
        }
        return true;
    }

    private static Instant read(Path mark) throws IOException {
        try {
            return Instant.parse(Files.readString(mark, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return Instant.EPOCH;
        }
    }

    private void index(String repository, Path revision, Instant done) throws IOException {
        var text = Layout.directory(revision).getFileName() + ":" + revision.getFileName();
        try {
            if (!Digest.isDigest(text)
                    || Files.getLastModifiedTime(revision).toInstant().isBefore(done.minusMillis(UNSURE_MS))) {
                return;
            }
            var digest = Digest.parse(text);
            var subject = References.of(Files.readAllBytes(layout.blob(digest))).subject();
            if (subject.isPresent()) {
                var link = layout.referrerLink(repository, subject.get(), digest);
                if (!Files.exists(link)) {
                    Layout.writeLink(link, digest);
                }
            }
        } catch (NoSuchFileException | IllegalArgumentException e) {
            return; // deleted meanwhile, or nothing that could have a subject
        }
    }
}
