package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Reads all blobs again and finds those whose bytes no longer have their digest: bit rot. One that is put aside is unknown from
 * then on, so that its next push brings it back; where it stays, pushers are told that it is there.
 */
public final class Scrub {
    private static final int BUFFER = 128 * 1024;

    private final Driver driver;
    private final Links links;
    private final Guard guard;

    Scrub(Driver driver, Links links, Guard guard) {
        this.driver = driver;
        this.links = links;
        this.guard = guard;
    }

    /**
     * What was found.
     *
     * @param blobs how many were read
     * @param bytes their sizes together
     * @param damaged how many have another digest, or could not be read to their end
     */
    public record Report(long blobs, long bytes, long damaged) {}

    /**
     * Looks at every blob once. Pushes and pulls go on.
     *
     * @param putAside whether damaged ones are moved to {@code ROOT/.drydock/damaged}
     * @param log is told of each damaged one, in a line
     * @throws IOException when a directory cannot be read or a blob not be moved
     */
    public Report run(boolean putAside, Consumer<String> log) throws IOException {
        var blobs = new LongAdder();
        var bytes = new LongAdder();
        var damaged = new LongAdder();
        links.eachBlob(digest -> {
            var size = driver.stat(Layout.blob(digest)).map(Driver.Stat::size);
            if (size.isEmpty()) {
                return;
            }
            blobs.increment();
            bytes.add(size.get());
            if (!isSound(digest)) {
                damaged.increment();
                log.accept("blob damaged: " + digest);
                if (putAside) {
                    putAside(digest);
                }
            }
        });
        return new Report(blobs.sum(), bytes.sum(), damaged.sum());
    }

    private boolean isSound(Digest digest) {
        var hasher = digest.newHasher();
        try (var blob = driver.open(Layout.blob(digest)).orElse(null)) {
            if (blob == null) {
                return true; // garbage, collected meanwhile
            }
            try (var in = blob.stream(0, blob.size())) {
                var buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    hasher.update(buffer, 0, n);
                }
            }
            return digest.finish(hasher).equals(digest);
        } catch (IOException e) {
            return false; // the disk itself says that it is damaged
        }
    }

    private void putAside(Digest digest) throws IOException {
        guard.alone(() -> {
            if (!driver.exists(Layout.blob(digest))) {
                return false; // garbage, collected meanwhile
            }
            driver.move(Layout.blob(digest), Layout.damaged(digest));
            driver.deleteTree(Layout.blobDirectory(digest));
            return true;
        });
    }
}
