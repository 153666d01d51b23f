package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The small files that say which digest is meant, {@code ALG:HEX}. */
final class Links {
    private final Driver driver;

    Links(Driver driver) {
        this.driver = driver;
    }

    void write(String link, Digest digest) throws IOException {
        driver.write(link, bytes(digest));
    }

    static byte[] bytes(Digest digest) {
        return digest.toString().getBytes(StandardCharsets.US_ASCII);
    }

    Optional<Digest> read(String link) throws IOException {
        return digest(link, driver.read(link));
    }

    /** What the bytes of a link say. */
    static Optional<Digest> digest(String link, Optional<byte[]> bytes) throws IOException {
        try {
            return bytes.map(text -> Digest.parse(new String(text, StandardCharsets.US_ASCII).strip()));
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged link " + link, e);
        }
    }

    /** What a link says, whatever it is; empty if it has gone. */
    String text(String link) throws IOException {
        return driver.read(link)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                .orElse("");
    }

    /** The digests of the links in a directory of {@code ALG/HEX/link}; what is not one is passed over. */
    List<Digest> in(String directory) throws IOException {
        var found = new ArrayList<Digest>();
        for (var algorithm : driver.list(directory)) {
            for (var hex : driver.list(directory + "/" + algorithm)) {
                if (Digest.isDigest(algorithm + ":" + hex) && isThere(directory + "/" + algorithm + "/" + hex)) {
                    found.add(Digest.parse(algorithm + ":" + hex));
                }
            }
        }
        return found;
    }

    /** Whether the directory of a link, or of a tag's, still has it: where no directory is empty, its name is enough. */
    boolean isThere(String directory) throws IOException {
        return !driver.keepsDirectories() || driver.exists(directory + "/link");
    }

    /** The digests of all blobs, whichever repository has them. */
    void eachBlob(Visitor visitor) throws IOException {
        for (var algorithm : driver.list(Layout.BLOBS)) {
            for (var prefix : driver.list(Layout.BLOBS + "/" + algorithm)) {
                for (var hex : driver.list(Layout.BLOBS + "/" + algorithm + "/" + prefix)) {
                    if (Digest.isDigest(algorithm + ":" + hex)) {
                        visitor.visit(Digest.parse(algorithm + ":" + hex));
                    }
                }
            }
        }
    }

    /** Something that is done with each. */
    interface Visitor {
        void visit(Digest digest) throws IOException;
    }
}
