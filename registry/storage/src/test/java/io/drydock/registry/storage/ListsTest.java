package io.drydock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of tags and repositories are parts of the whole list, whatever else happens to the directories. */
class ListsTest {
    @TempDir
    private Path directory;

    private Manifests manifests;

    @BeforeEach
    void open() throws IOException {
        manifests = Storage.in(directory).manifests();
    }

    private void tag(String repository, String... tags) throws IOException {
        byte[] bytes = repository.getBytes(StandardCharsets.UTF_8);
        manifests.put(repository, Digest.sha256(bytes), bytes, List.of(), List.of(), List.of(tags));
    }

    private List<String> catalog(int size) throws IOException {
        var all = new ArrayList<String>();
        Page page = manifests.repositories("", size);
        all.addAll(page.names());
        while (page.more()) {
            assertThat(page.names()).hasSize(size);
            page = manifests.repositories(all.getLast(), size);
            all.addAll(page.names());
        }
        return all;
    }

    @Test
    void anyListComesWholeInPages() throws IOException {
        var random = new Random(3);
        String letters = "ab-./";
        for (int i = 0; i < 60; i++) {
            var name = new StringBuilder("x");
            for (int j = random.nextInt(6); j > 0; j--) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            if (Names.isRepository(name.toString())) {
                tag(name.toString(), "t");
            }
        }
        var sorted = manifests.repositories();
        assertThat(sorted).hasSizeGreaterThan(5);
        for (int size : new int[] {1, 3, 7}) {
            assertThat(catalog(size)).isEqualTo(sorted);
        }
    }

    @Test
    void aNameMayBeginAnother() throws IOException {
        var names = List.of("a", "a-b", "a-b/c", "a.b", "a/b", "a/b-c", "a/b/c", "a0", "b/x/y/z", "c");
        for (var name : names.reversed()) {
            tag(name);
        }
        Storage.in(directory).uploads().begin("a/only-an-upload");
        for (int size = 1; size <= names.size() + 1; size++) {
            assertThat(catalog(size)).as("pages of %d", size).isEqualTo(names);
        }
        assertThat(manifests.repositories("a/a", 2)).isEqualTo(new Page(List.of("a/b", "a/b-c"), true));
        assertThat(manifests.repositories("zzz", 2)).isEqualTo(new Page(List.of(), false));
        assertThat(manifests.repositories("", 0)).isEqualTo(new Page(List.of(), true));
    }

    @Test
    void tagsComeInOrder() throws IOException {
        tag("box", "b", "A", "a", "_", "1.0");
        assertThat(manifests.tags("box", "", 9)).contains(new Page(List.of("1.0", "A", "_", "a", "b"), false));
        assertThat(manifests.tags("box", "A", 2)).contains(new Page(List.of("_", "a"), true));
        assertThat(manifests.tags("box", "a", 1)).contains(new Page(List.of("b"), false));
    }

    @Test
    void aTagWhoseLinkIsMissingIsNone() throws IOException {
        tag("r", "a", "b");
        Files.delete(directory.resolve("docker/registry/v2/repositories/r/_manifests/tags/a/current/link"));
        assertThat(manifests.tags("r", "", 5).orElseThrow().names()).containsExactly("b");
        assertThat(manifests.tags("none", "", 5)).isEmpty();
    }
}
