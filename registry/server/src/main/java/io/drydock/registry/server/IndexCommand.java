package io.drydock.registry.server;

import io.drydock.registry.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code registry index rebuild}: reads the layout again into the index beside it. A registry may serve meanwhile. */
final class IndexCommand {
    private static final String USAGE = """
            `index rebuild` forgets what lists are answered from, and reads it again

            Usage:
              registry index rebuild <config>
            """;

    private IndexCommand() {}

    static void run(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.getFirst().equals("rebuild") || arguments.contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        var path = arguments.size() > 1 ? arguments.get(1) : System.getenv("REGISTRY_CONFIGURATION_PATH");
        if (path == null || path.isEmpty()) {
            Main.fail("configuration error: configuration path unspecified");
            return;
        }
        try {
            var settings = Settings.read(Path.of(path), System.getenv()).storage();
            try (var storage = new Storage(Drivers.open(settings))) {
                var index = storage.index()
                        .orElseThrow(() -> new IOException(settings.kind() + " needs no index: it lists by itself"));
                System.out.println(index.rebuild() + " repositories");
            }
        } catch (IOException | IllegalArgumentException e) {
            Main.fail("failed to rebuild the index: " + e.getMessage());
        }
    }
}
