package io.drydock.registry.server;

import io.drydock.testkit.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A registry in the process of the test, on a free port. */
final class InProcess {
    private InProcess() {}

    /** @param more lines of configuration, of which the first ones may belong to {@code http} */
    static RegistryServer serve(Path data, String more) throws IOException {
        return RegistryServer.start(Settings.parse(RegistrySettings.yaml(data, 0, more), Map.of()));
    }
}
