package io.drydock.containerd.stores.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.core.ContainerdError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
}
