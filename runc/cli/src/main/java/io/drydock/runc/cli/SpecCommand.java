package io.drydock.runc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code runc spec}: a config to begin with. */
final class SpecCommand {
    int run(CommandLine line) throws UsageException, IOException {
        if (!line.arguments().isEmpty()) {
            throw new UsageException("runc: \"spec\" requires exactly 0 argument(s)");
        }
        if (line.has("rootless")) {
            throw new IOException("rootless containers are not supported yet");
        }
        Path config = Path.of(line.get("bundle", "")).resolve("config.json");
        if (Files.exists(config)) {
            throw new IOException("file config.json exists. Remove it first");
        }
        try (InputStream template = SpecCommand.class.getResourceAsStream("config.json")) {
            if (template == null) {
                throw new IOException("config template is missing");
            }
            Files.write(config, template.readAllBytes());
        }
        return 0;
    }
}
