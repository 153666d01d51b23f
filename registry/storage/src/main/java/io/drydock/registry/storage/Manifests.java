package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Manifests and tags of repositories. Safe for threads. */
public final class Manifests {
    private final Layout layout;

    Manifests(Layout layout) {
        this.layout = layout;
    }

    /** Stores a manifest under its digest. */
    public void put(String repository, Digest digest, byte[] bytes) throws IOException {
        var blob = layout.blob(digest);
        if (!Files.exists(blob)) {
            Layout.write(blob, bytes);
        }
        Layout.writeLink(layout.revisionLink(repository, digest), digest);
    }

    /** The manifest's bytes if the repository has it. */
    public Optional<byte[]> get(String repository, Digest digest) throws IOException {
        if (!Files.exists(layout.revisionLink(repository, digest))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(layout.blob(digest)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Lets a tag stand for a manifest that is there. */
    public void tag(String repository, String tag, Digest digest) throws IOException {
        Layout.writeLink(layout.tagHistoryLink(repository, tag, digest), digest);
        Layout.writeLink(layout.tagLink(repository, tag), digest);
    }

    /** What the tag stands for. */
    public Optional<Digest> tagged(String repository, String tag) throws IOException {
        return Layout.readLink(layout.tagLink(repository, tag));
    }

    /** All tags, sorted; empty if the repository does not exist. */
    public Optional<List<String>> tags(String repository) throws IOException {
        if (!Files.isDirectory(layout.repository(repository).resolve("_manifests"))) {
            return Optional.empty();
        }
        try (var all = Files.list(layout.tags(repository))) {
            return Optional.of(all.filter(tag -> Files.exists(tag.resolve("current/link")))
                    .map(tag -> tag.getFileName().toString())
                    .sorted()
                    .toList());
        } catch (NoSuchFileException e) {
            return Optional.of(List.of());
        }
    }

    /** Removes a tag; its manifest stays. False if there is none. */
    public boolean deleteTag(String repository, String tag) throws IOException {
        if (!Files.deleteIfExists(layout.tagLink(repository, tag))) {
            return false;
        }
        Layout.deleteTree(layout.tags(repository).resolve(tag));
        return true;
    }

    /** Removes a manifest and all tags that stand for it. False if there is none. */
    public boolean delete(String repository, Digest digest) throws IOException {
        if (!Files.deleteIfExists(layout.revisionLink(repository, digest))) {
            return false;
        }
        for (var tag : tags(repository).orElse(List.of())) {
            if (tagged(repository, tag).filter(digest::equals).isPresent()) {
                deleteTag(repository, tag);
            }
        }
        return true;
    }

    /** The names of all repositories that have manifests, sorted. */
    public List<String> repositories() throws IOException {
        var found = new ArrayList<String>();
        collect(layout.repositories(), "", found);
        Collections.sort(found);
        return found;
    }

    private static void collect(Path directory, String name, List<String> found) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var children = Files.list(directory)) {
            for (var child : children.toList()) {
                var word = child.getFileName().toString();
                if (word.equals("_manifests")) {
                    found.add(name);
                } else if (!word.startsWith("_")) {
                    collect(child, name.isEmpty() ? word : name + "/" + word, found);
                }
            }
        }
    }
}
