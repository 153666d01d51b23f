package io.drydock.containerd.stores.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.spec.containerd.types.Sandbox;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("meta.db");
    }

    @Test
    void whatIsCommittedIsThereForTheNextProcess() throws IOException {
        try (var database = Database.open(file())) {
            new Namespaces(database).create("moby", Map.of("a", "1"));
        }
        try (var database = Database.open(file())) {
            assertThat(new Namespaces(database).labels("moby")).isEqualTo(Map.of("a", "1"));
        }
    }

    @Test
    void aFailureUndoesItsTransaction() throws IOException {
        try (var database = Database.open(file())) {
            assertThatThrownBy(() -> database.transaction(tx -> {
                        Namespaces.need(tx, "half");
                        throw ContainerdError.invalid("no");
                    }))
                    .isInstanceOf(ContainerdError.class);
            assertThat(new Namespaces(database).list()).isEmpty();
        }
    }

    @Test
    void aNewerSchemaIsRefused() throws IOException {
        try (var database = Database.open(file())) {
            database.transaction(tx -> tx.update("PRAGMA user_version = 99"));
        }
        assertThatThrownBy(() -> Database.open(file())).hasMessageContaining("it is of version 99");
    }

    @Test
    void aDamagedFileIsReported() throws IOException {
        Files.write(file(), new byte[8192]);
        Files.writeString(file(), "this is no database, however long it is. ".repeat(200));
        assertThatThrownBy(() -> Database.open(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("open database");
    }

    @Test
    void aNamespaceThatIsNotEmptyStays() throws IOException {
        try (var database = Database.open(file())) {
            var namespaces = new Namespaces(database);
            new Leases(database).create("moby", "l", Map.of());
            assertThatThrownBy(() -> namespaces.delete("moby")).hasMessageContaining("must be empty");
            new Leases(database).delete("moby", "l");
            namespaces.delete("moby");
            assertThat(namespaces.list()).isEmpty();
        }
    }

    @Test
    void anOlderSchemaIsMigrated() throws IOException {
        try (var database = Database.open(file())) {
            new Namespaces(database).create("moby", Map.of("a", "1"));
            database.transaction(tx -> tx.update("DROP TABLE sandbox"));
            database.transaction(tx -> tx.update("PRAGMA user_version = 1"));
        }
        try (var database = Database.open(file())) {
            assertThat(new Namespaces(database).labels("moby")).isEqualTo(Map.of("a", "1"));
            var sandbox = Sandbox.newBuilder().setSandboxId("s").build();
            new Sandboxes(database).create("moby", sandbox);
            assertThat(new Sandboxes(database).get("moby", "s").getSandboxId()).isEqualTo("s");
        }
    }

    @Test
    void whatWasNotCheckedInYetIsThereAfterAKill() throws IOException {
        var copy = directory.resolve("copy.db");
        try (var database = Database.open(file())) {
            new Namespaces(database).create("one", Map.of());
            // as a kill -9 leaves them: the log is not merged into the file
            Files.copy(file(), copy);
            Files.copy(file().resolveSibling(file().getFileName() + "-wal"), directory.resolve("copy.db-wal"));
        }
        // and its last transaction is written in part
        var log = directory.resolve("copy.db-wal");
        Files.write(log, new byte[5000], StandardOpenOption.APPEND);
        try (var database = Database.open(copy)) {
            assertThat(new Namespaces(database).list()).hasSize(1);
        }
    }

    @Test
    void readersOfASnapshotAndWritersDoNotWaitForEachOther() throws IOException {
        try (var database = Database.open(file())) {
            new Namespaces(database).create("one", Map.of());
            long seen = database.snapshot(reader -> {
                reader.query("SELECT name FROM namespace");
                new Namespaces(database).create("two", Map.of());
                return (long) reader.query("SELECT name FROM namespace").size();
            });
            assertThat(seen).isEqualTo(1);
            assertThat(new Namespaces(database).list()).hasSize(2);
        }
    }

    @Test
    void theLogIsMergedIntoTheFileMeanwhile() throws IOException {
        try (var database = Database.open(file())) {
            long empty = Files.size(file());
            for (int i = 0; i < 600; i++) {
                String name = "n" + i;
                database.transaction(tx -> tx.update("INSERT INTO namespace VALUES (?, ?)", name, new byte[500]));
            }
            database.flush();
            Await.until("the file grows", () -> Files.size(file()) > empty);
        }
    }

    @Test
    void whatIsToBeOnDiskIsWrittenTogether() throws Exception {
        try (var database = Database.open(file());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> database.durably(
                            tx -> tx.update("INSERT INTO namespace VALUES (?, ?)", "n" + i, new byte[1]))))
                    .toList();
            for (var each : all) {
                assertThat(each.get()).isEqualTo(1);
            }
            database.flush(); // nothing is left to write: it does not wait for ever
        }
    }
}
