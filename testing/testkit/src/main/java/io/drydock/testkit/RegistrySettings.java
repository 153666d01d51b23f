package io.drydock.testkit;

import java.nio.file.Path;

/** What a registry for a test is told, ours or Docker's. */
public final class RegistrySettings {
    private RegistrySettings() {}

    /**
     * A configuration that serves a directory on 127.0.0.1 and allows deletes.
     *
     * @param port 0 for a free one, which only ours knows
     * @param more lines that follow, of which the first ones may belong to {@code http}
     */
    public static String yaml(Path data, int port, String more) {
        return """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                  delete:
                    enabled: true
                http:
                  addr: 127.0.0.1:%d
                """.formatted(data, port) + more;
    }
}
