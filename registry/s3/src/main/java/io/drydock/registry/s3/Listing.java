package io.drydock.registry.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The names below a prefix in the order of the keys that they begin, fetched in pages. */
final class Listing implements Iterator<String> {
    private final Bucket bucket;
    private final String prefix;
    private final int most;
    private List<String> page;
    private int next;
    private @Nullable String token;

    /**
     * @param prefix ends with a slash
     * @param behind the names whose keys come behind this text; may be empty
     * @param most so many are wanted, perhaps
     */
    Listing(Bucket bucket, String prefix, String behind, int most) throws IOException {
        this.bucket = bucket;
        this.prefix = prefix;
        this.most = most;
        this.page = fetch(behind.isEmpty() ? null : bucket.key(prefix) + behind);
    }

    private List<String> fetch(@Nullable String after) throws IOException {
        // one more tells whether there are more
        int size = most >= bucket.page() ? bucket.page() : most + 1;
        var found = bucket.list(prefix, false, after, token, size);
        var keys = new ArrayList<String>();
        found.contents().forEach(object -> keys.add(object.key()));
        found.commonPrefixes().forEach(common -> keys.add(common.prefix()));
        Collections.sort(keys);
        token = Boolean.TRUE.equals(found.isTruncated()) ? found.nextContinuationToken() : null;
        next = 0;
        return keys;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == page.size() && token != null) {
                page = fetch(null);
            }
            return next < page.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var key = page.get(next++);
        int length = key.endsWith("/") ? key.length() - 1 : key.length();
        return key.substring(bucket.key(prefix).length(), length);
    }
}
