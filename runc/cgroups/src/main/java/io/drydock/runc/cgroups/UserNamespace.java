package io.drydock.runc.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user namespace that this process is in. */
public final class UserNamespace {
    private UserNamespace() {}

    /** Whether it is another than the system's first, where every number stands for itself. */
    public static boolean isOwn() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map")).strip().replaceAll("\\s+", " ");
            return !map.equals("0 0 4294967295");
        } catch (IOException e) {
            throw new UncheckedIOException("read /proc/self/uid_map", e);
        }
    }
}
