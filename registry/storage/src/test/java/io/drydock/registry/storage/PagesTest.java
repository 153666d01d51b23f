package io.drydock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists in pages of every size have each name once, in order. */
class PagesTest {
    @TempDir
    private Path root;

    private static void push(FilesystemStorage storage, String repository, String... tags) throws IOException {
        var bytes = "{}".getBytes(StandardCharsets.UTF_8);
        storage.manifests().put(repository, Digest.sha256(bytes), bytes, List.of(), List.of(), List.of(tags));
    }

    @Test
    void ofRepositories() throws IOException {
        var storage = new FilesystemStorage(root);
        var names = List.of("a", "a-b", "a-b/c", "a.b", "a/b", "a/b-c", "a/b/c", "a0", "b/x/y/z", "c");
        for (var name : names.reversed()) {
            push(storage, name);
        }
        storage.uploads().begin("a/only-an-upload");
        for (int size = 1; size <= names.size() + 1; size++) {
            var all = new ArrayList<String>();
            var page = storage.manifests().repositories("", size);
            all.addAll(page.names());
            while (page.more()) {
                assertThat(page.names()).hasSize(size);
                page = storage.manifests().repositories(all.getLast(), size);
                all.addAll(page.names());
            }
            assertThat(all).as("pages of %d", size).isEqualTo(names);
        }
        assertThat(storage.manifests().repositories("a/a", 2)).isEqualTo(new Page(List.of("a/b", "a/b-c"), true));
        assertThat(storage.manifests().repositories("zzz", 2)).isEqualTo(new Page(List.of(), false));
        assertThat(storage.manifests().repositories("", 0)).isEqualTo(new Page(List.of(), true));
    }

    @Test
    void ofTags() throws IOException {
        var storage = new FilesystemStorage(root);
        push(storage, "box", "b", "A", "a", "_", "1.0");
        assertThat(storage.manifests().tags("box", "", 9))
                .contains(new Page(List.of("1.0", "A", "_", "a", "b"), false));
        assertThat(storage.manifests().tags("box", "A", 2)).contains(new Page(List.of("_", "a"), true));
        assertThat(storage.manifests().tags("box", "a", 1)).contains(new Page(List.of("b"), false));
        assertThat(storage.manifests().tags("other", "", 1)).isEmpty();
    }
}
