package io.drydock.runc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code --pid-file}: renamed into place, so that nobody reads half a number. */
final class PidFile {
    private PidFile() {}

    static void write(String file, int pid) throws IOException {
        if (file.isEmpty()) {
            return;
        }
        Path path = Path.of(file).toAbsolutePath();
        Path temporary = path.resolveSibling("." + path.getFileName());
        Files.writeString(temporary, Integer.toString(pid));
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
