package io.drydock.registry.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

/** The suite is right: Docker's registry passes it. */
class OriginalDistributionTest extends DistributionSuite {
    @SuppressWarnings("NullAway.Init") // the suite begins with serve
    private RegistryProcess registry;

    @Override
    SpecClient serve(Path data) throws IOException {
        registry = RegistryProcess.original(data);
        return new SpecClient(registry.port());
    }

    @AfterAll
    void stop() {
        registry.close();
    }
}
