package io.drydock.runc.cli;

import io.drydock.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Where states live if {@code --root} does not say. */
final class RootDirectory {
    private static final String SYSTEM = "/run/runc";
    private static final int PRIVATE_AND_STICKY = 01700;

    private RootDirectory() {}

    /** Root's is the system's; a user's is made in {@code $XDG_RUNTIME_DIR}, sticky so that nobody tidies it away. */
    static String standard(Linux linux, @Nullable String runtimeDirectory) throws IOException {
        if (linux.processes().geteuid() == 0 || runtimeDirectory == null || runtimeDirectory.isEmpty()) {
            return SYSTEM;
        }
        Path root = Path.of(runtimeDirectory, "runc");
        if (!Files.isDirectory(root)) {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setAttribute(root, "unix:mode", PRIVATE_AND_STICKY);
        }
        return root.toString();
    }
}
