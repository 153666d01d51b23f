package io.drydock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index says what the layout says, whoever changes that. */
class IndexTest {
    @TempDir
    private Path root;

    private Storage storage;

    @BeforeEach
    void open() throws IOException {
        storage = Storage.in(root);
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
    }

    private void again() throws IOException {
        close();
        open();
    }

    private Path repositories() {
        return root.resolve("docker/registry/v2/repositories");
    }

    private Path file() {
        return root.resolve(".drydock/index.db");
    }

    private static byte[] manifest(String text, String more) {
        return ("{\"schemaVersion\":2,\"annotations\":{\"a\":\"" + text + "\"}" + more + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Digest push(String repository, byte[] manifest, String... tags) throws IOException {
        var digest = Digest.sha256(manifest);
        storage.manifests().put(repository, digest, manifest, List.of(), List.of(), List.of(tags));
        return digest;
    }

    private List<String> tags(String repository) throws IOException {
        return storage.manifests().tags(repository).orElseThrow();
    }

    /** Lets all directories look as if nothing had happened lately, so that the index trusts their times. */
    private void settle() throws IOException {
        try (Stream<Path> all = Files.walk(repositories())) {
            for (var path : all.toList()) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(100)));
            }
        }
    }

    /** What Docker's registry does, which knows nothing of the index. */
    private void tagElsewhere(String repository, String tag, Digest digest) throws IOException {
        var current = repositories().resolve(repository + "/_manifests/tags/" + tag + "/current");
        Files.createDirectories(current);
        Files.writeString(current.resolve("link"), digest.toString());
    }

    private void deleteElsewhere(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (var gone : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(gone);
            }
        }
    }

    @Test
    void whatAnotherProgramTagsAndDeletesIsSeen() throws IOException {
        var first = push("box", manifest("1", ""));
        var tags = new ArrayList<String>();
        for (int i = 100; i < 200; i++) {
            tags.add("t" + i);
            tagElsewhere("box", "t" + i, first);
        }
        var second = push("box", manifest("2", ""));
        settle();
        for (int turn = 0; turn < 2; turn++) { // from the layout, from the file
            assertThat(tags("box")).isEqualTo(tags);
            assertThat(storage.manifests().tags("box", "t197", 1)).contains(new Page(List.of("t198"), true));
            again();
        }
        push("box", manifest("1", ""), "t1985");
        assertThat(storage.manifests().tags("box", "t197", 3))
                .contains(new Page(List.of("t198", "t1985", "t199"), false));
        storage.manifests().deleteTag("box", "t1985");
        assertThat(tags("box")).isEqualTo(tags);
        tagElsewhere("box", "new", second);
        deleteElsewhere(repositories().resolve("box/_manifests/tags/t100"));
        tags.removeFirst();
        tags.addFirst("new");
        assertThat(tags("box")).isEqualTo(tags);
        settle();
        assertThat(storage.manifests().tagsOf("box", second)).containsExactly("new");
        // written over in place, which no directory's time shows
        tagElsewhere("box", "t150", second);
        assertThat(storage.manifests().tagsOf("box", second)).containsExactly("new", "t150");
        assertThat(storage.manifests().tagsOf("box", first)).hasSize(98);
        storage.manifests().delete("box", second);
        assertThat(tags("box")).hasSize(98).doesNotContain("new", "t150");
    }

    @Test
    void aTagWhoseRemovalWasCutShortIsNoneAndComesBack() throws IOException {
        var digest = push("box", manifest("1", ""), "a", "b");
        settle();
        assertThat(tags("box")).containsExactly("a", "b");
        settle();
        assertThat(tags("box")).containsExactly("a", "b");
        storage.manifests().deleteTag("box", "a");
        // killed after the link went and before the directory did
        Files.createDirectories(repositories().resolve("box/_manifests/tags/a/current"));
        settle();
        assertThat(tags("box")).containsExactly("b");
        settle();
        tagElsewhere("box", "a", digest);
        settle();
        assertThat(tags("box")).containsExactly("a", "b");
    }

    @Test
    void repositoriesComeAndGoAnywhere() throws IOException {
        for (var name : List.of("a", "a-b", "a-b/c", "a/x", "b/c/d", "z")) {
            push(name, manifest(name, ""));
        }
        settle();
        assertThat(catalog(2)).containsExactly("a", "a-b", "a-b/c", "a/x", "b/c/d", "z");
        again();
        for (var name : List.of("a/y/z", "b/c", "m")) {
            Files.createDirectories(repositories().resolve(name).resolve("_manifests/tags"));
        }
        deleteElsewhere(repositories().resolve("a-b"));
        for (int size = 1; size < 9; size++) {
            assertThat(catalog(size)).as("by %d", size).containsExactly("a", "a/x", "a/y/z", "b/c", "b/c/d", "m", "z");
        }
    }

    private List<String> catalog(int size) throws IOException {
        var all = new ArrayList<String>();
        var page = storage.manifests().repositories("", size);
        all.addAll(page.names());
        while (page.more()) {
            page = storage.manifests().repositories(all.getLast(), size);
            all.addAll(page.names());
        }
        return all;
    }

    @Test
    void whatIsAboutAManifestIsKnown() throws IOException {
        var subject = push("box", manifest("subject", ""));
        var about = ",\"subject\":{\"mediaType\":\"m\",\"digest\":\"" + subject + "\",\"size\":1}";
        var first = push("box", manifest("1", about));
        settle();
        assertThat(storage.referrers().of("box", subject)).containsExactly(first);
        again();
        var second = push("box", manifest("2", about));
        assertThat(storage.referrers().of("box", subject)).containsExactlyInAnyOrder(first, second);
        storage.manifests().delete("box", first);
        assertThat(storage.referrers().of("box", subject)).containsExactly(second);
        assertThat(storage.referrers().of("none", subject)).isEmpty();
        // the layout keeps to what Docker's registry knows
        assertThat(repositories().resolve("box/_manifests/referrers")).doesNotExist();
    }

    @Test
    void aDamagedOrMissingIndexIsMadeAnew() throws IOException {
        push("box", manifest("1", ""), "a", "b");
        assertThat(tags("box")).containsExactly("a", "b");
        close();
        Files.writeString(file(), "this is no database, and long enough to be taken for one ".repeat(100));
        open();
        assertThat(tags("box")).containsExactly("a", "b");
        assertThat(catalog(5)).containsExactly("box");
        close();
        Files.delete(file());
        open();
        assertThat(storage.index().orElseThrow().rebuild()).isOne();
        assertThat(tags("box")).containsExactly("a", "b");
        assertThat(file()).exists();
    }

    @Test
    void whereNothingCanBeWrittenItIsInMemory() throws IOException {
        push("box", manifest("1", ""), "a");
        close();
        Files.deleteIfExists(file());
        Files.createDirectories(file()); // nobody can write a database there
        open();
        assertThat(tags("box")).containsExactly("a");
        assertThat(catalog(5)).containsExactly("box");
    }
}
