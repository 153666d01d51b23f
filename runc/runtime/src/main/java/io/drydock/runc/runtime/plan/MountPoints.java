package io.drydock.runc.runtime.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /proc/self/mountinfo}. */
final class MountPoints {
    private MountPoints() {}

    /** Where /proc and /sys file systems are mounted, other than below a path. */
    static List<String> kernelViews(Path except) throws InvalidSpecException {
        List<String> points = new ArrayList<>();
        for (String line : lines()) {
            String point = point(line);
            String type = line.substring(line.indexOf(" - ") + 3).split(" ", 2)[0];
            if ((type.equals("proc") || type.equals("sysfs")) && !Path.of(point).startsWith(except)) {
                points.add(point);
            }
        }
        return points;
    }

    private static String point(String line) {
        return line.split(" ", 6)[4].replace("\\040", " ");
    }

    private static List<String> lines() throws InvalidSpecException {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo"));
        } catch (IOException e) {
            throw new InvalidSpecException("read mountinfo: " + e.getMessage());
        }
    }

    /** The mount point that holds a path. */
    static String containing(Path path) throws InvalidSpecException {
        String best = "/";
        for (String line : lines()) {
            String point = point(line);
            if (path.startsWith(point) && point.length() >= best.length()) {
                best = point;
            }
        }
        return best;
    }
}
