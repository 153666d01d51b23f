package io.drydock.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at /proc, as `ps` does. */
final class ProcessTree {
    private ProcessTree() {}

    /** The command line of a process with its words separated by spaces; empty when it is gone. */
    static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The processes whose command line contains the text. */
    static List<ProcessHandle> mentioning(String text) {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                .filter(handle -> commandLine(handle.pid()).contains(text))
                .toList();
    }

    /** The one child, or grandchild, of a process whose command line contains the text. */
    static Optional<ProcessHandle> descendant(ProcessHandle of, String text) {
        try (Stream<ProcessHandle> all = of.descendants()) {
            return all.filter(handle -> commandLine(handle.pid()).contains(text))
                    .findFirst();
        }
    }

    static long parent(long pid) {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("PPid:")) {
                    return Long.parseLong(line.substring(5).strip());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid + " is gone", e);
        }
        throw new IllegalStateException("no parent of " + pid);
    }
}
