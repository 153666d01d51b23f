package io.drydock.registry.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemDriverTest extends DriverContract {
    @TempDir
    private Path root;

    @Override
    protected Driver open() throws IOException {
        return new FilesystemDriver(root);
    }

    @Test
    void useIsTheFilesTime() throws IOException {
        var driver = open();
        driver.write("a/b", new byte[1]);
        Files.setLastModifiedTime(root.resolve("a/b"), FileTime.from(Instant.EPOCH));
        assertThat(driver.lastUsed("a/b")).contains(Instant.EPOCH);
        driver.touch("a/b");
        assertThat(driver.lastUsed("a/b").orElseThrow()).isAfter(Instant.now().minusSeconds(60));
    }
}
