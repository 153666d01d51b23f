package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;

/**
 * Reads all blobs again and finds those whose bytes no longer have their digest: bit rot. One that is put aside is unknown from
 * then on, so that its next push brings it back; where it stays, pushers are told that it is there.
 */
public final class Scrub {
    private static final int BUFFER = 128 * 1024;

    private final Layout layout;
    private final Guard guard;

    Scrub(Layout layout, Guard guard) {
        this.layout = layout;
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
        long blobs = 0;
        long bytes = 0;
        long damaged = 0;
        for (var algorithm : Layout.children(layout.blobs())) {
            for (var prefix : Layout.children(algorithm)) {
                for (var directory : Layout.children(prefix)) {
                    var text = algorithm.getFileName() + ":" + directory.getFileName();
                    var data = directory.resolve("data");
                    if (!Digest.isDigest(text) || !Files.exists(data)) {
                        continue;
                    }
                    var digest = Digest.parse(text);
                    blobs++;
                    bytes += Files.size(data);
                    if (!isSound(digest)) {
                        damaged++;
                        log.accept("blob damaged: " + digest);
                        if (putAside) {
                            putAside(digest);
                        }
                    }
                }
            }
        }
        return new Report(blobs, bytes, damaged);
    }

    private boolean isSound(Digest digest) {
        var hasher = digest.newHasher();
        try (var in = Files.newInputStream(layout.blob(digest))) {
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hasher.update(buffer, 0, n);
            }
            return digest.finish(hasher).equals(digest);
        } catch (NoSuchFileException e) {
            return true; // garbage, collected meanwhile
        } catch (IOException e) {
            return false; // the disk itself says that it is damaged
        }
    }

    private void putAside(Digest digest) throws IOException {
        var aside = layout.damaged(digest);
        guard.alone(() -> {
            if (!Files.exists(layout.blob(digest))) {
                return false; // garbage, collected meanwhile
            }
            Durable.directories(Layout.directory(aside));
            Durable.rename(layout.blob(digest), aside);
            Durable.deleteTree(Layout.directory(layout.blob(digest)));
            return true;
        });
    }
}
