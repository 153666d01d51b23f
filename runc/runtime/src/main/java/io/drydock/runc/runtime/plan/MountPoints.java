package io.drydock.runc.runtime.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code /proc/self/mountinfo}. */
final class MountPoints {
    private MountPoints() {}

    /** The mount point that holds a path. */
    static String containing(Path path) throws InvalidSpecException {
        String best = "/";
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                String point = line.split(" ", 6)[4].replace("\\040", " ");
                if (path.startsWith(point) && point.length() >= best.length()) {
                    best = point;
                }
            }
            return best;
        } catch (IOException e) {
            throw new InvalidSpecException("read mountinfo: " + e.getMessage());
        }
    }
}
