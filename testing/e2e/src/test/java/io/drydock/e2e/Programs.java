package io.drydock.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the programs are: ours as built, and the originals if they are installed. */
final class Programs {
    private Programs() {}

    static Path ours(String name) {
        var path = Path.of(System.getProperty("drydock.home"), "bin", name);
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException("not built: " + path + " (./dev build)");
        }
        return path;
    }

    /** The original of that name. Fails where it is not installed: .ci/run installs what is used here. */
    static Path original(String name) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/usr/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the original " + name + " is not installed"));
    }
}
