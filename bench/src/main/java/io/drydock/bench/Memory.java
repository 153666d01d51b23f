package io.drydock.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes take, read from /proc. */
final class Memory {
    private Memory() {}

    /** Private kilobytes of a process: what would be free if it ended. Zero when it is gone. */
    static long privateKilobytes(long pid) {
        return sum(pid, "Private_");
    }

    /** Proportional kilobytes of a process: shared pages count by their share. Zero when it is gone. */
    static long proportionalKilobytes(long pid) {
        return sum(pid, "Pss:");
    }

    /** Milliseconds that processors have worked for a process. Zero when it is gone. */
    static double processorMillis(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // a tick is 10 ms, whatever the kernel's own is
            return 10.0 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
        } catch (IOException e) {
            return 0;
        }
    }

    private static long sum(long pid, String prefix) {
        try {
            long total = 0;
            for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                if (line.startsWith(prefix)) {
                    total += Long.parseLong(line.substring(line.indexOf(':') + 1, line.length() - 2)
                            .strip());
                }
            }
            return total;
        } catch (IOException e) {
            return 0;
        }
    }

    static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }
}
