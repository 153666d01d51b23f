package io.drydock.containerd.stores.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.containerd.contract.ContentStoreContract;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.stores.metadata.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalContentStoreTest extends ContentStoreContract {
    @TempDir
    private Path directory;

    private Database database;
    private LocalContentStore store;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(directory.resolve("meta.db"));
        store = new LocalContentStore(directory.resolve("content"), database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected ContentStore store() {
        return store;
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(directory.resolve("content"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void anIngestSurvivesItsProcess() throws IOException {
        try (var ingest = store.ingest("test", "", "ref", 4, "")) {
            ingest.write(new byte[2], 0, 2);
        }
        // what a process that dies leaves: the same files, and nobody who has the ref
        var next = new LocalContentStore(directory.resolve("content"), database);
        try (var ingest = next.ingest("test", "", "ref", 4, "")) {
            assertThat(ingest.offset()).isEqualTo(2);
        }
    }

    @Test
    void aBlobWithoutARowIsRemovedAtTheStart() throws IOException {
        // as after a death between the rename and the transaction
        var blob = directory.resolve("content/blobs/sha256/" + "0".repeat(64));
        Files.writeString(blob, "x");
        store = new LocalContentStore(directory.resolve("content"), database);
        assertThat(blob).doesNotExist();
    }

    @Test
    void deletingTheLastNameRemovesTheFile() throws IOException {
        String digest;
        try (var ingest = store.ingest("test", "", "ref", 0, "")) {
            ingest.write(new byte[2], 0, 2);
            digest = ingest.commit(0, "", Map.of());
        }
        assertThat(files()).hasSize(1);
        store.delete("test", digest);
        assertThat(files()).isEmpty();
    }

    @Test
    void abandonedIngestsAreRemovedButNotOpenOnes() throws IOException {
        store.ingest("test", "", "left", 0, "").close();
        try (var open = store.ingest("test", "", "open", 0, "")) {
            store.removeAbandoned(Instant.now().plusSeconds(60));
            assertThat(open.offset()).isZero();
            assertThat(store.status("test", "open").ref()).isEqualTo("open");
        }
        assertThat(store.statuses("test", io.drydock.containerd.core.Filter.parse(List.of())))
                .hasSize(1);
    }
}
