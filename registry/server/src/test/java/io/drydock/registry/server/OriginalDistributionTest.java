package io.drydock.registry.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The suite is right: Docker's registry passes it. */
class OriginalDistributionTest extends DistributionSuite {
    @TempDir
    private static Path directory;

    private static RegistryProcess registry;
    private static SpecClient client;

    @BeforeAll
    static void start() throws IOException {
        registry = RegistryProcess.original(directory.resolve("data"));
        client = new SpecClient(registry.port());
    }

    @AfterAll
    static void stop() {
        client.close();
        registry.close();
    }

    @Override
    SpecClient client() {
        return client;
    }
}
