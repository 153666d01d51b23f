package io.drydock.containerd.shim.program;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.runc.runtime.ProcessStat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that became the shim's children because their parents ended before them. Those of containers are watched and
 * reaped at once; of the others nobody knows, so what has been dead at two looks in a row is reaped. Not safe for several
 * threads.
 */
public final class Orphans {
    private static final Logger log = LoggerFactory.getLogger(Orphans.class);

    private final Linux linux;
    private Set<Integer> dead = Set.of();

    public Orphans(Linux linux) {
        this.linux = linux;
    }

    /** Looks again, and reaps what was dead the last time too. Looks are at least seconds apart. */
    public void reap() {
        try {
            Set<Integer> found = new HashSet<>();
            for (int pid : children()) {
                if (!ProcessStat.isZombie(pid)) {
                    continue;
                }
                if (dead.contains(pid)) {
                    try (Fd pidfd = linux.processes().pidfdOpen(pid)) {
                        linux.processes().waitPidfd(pidfd, false);
                    }
                } else {
                    found.add(pid);
                }
            }
            dead = found;
        } catch (IOException e) {
            log.debug("reap orphans: {}", e.getMessage());
        }
    }

    private static Set<Integer> children() throws IOException {
        Set<Integer> children = new HashSet<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                Path list = thread.resolve("children");
                if (Files.exists(list)) {
                    for (String pid : Files.readString(list).split(" ")) {
                        if (!pid.isBlank()) {
                            children.add(Integer.parseInt(pid.strip()));
                        }
                    }
                }
            }
        }
        return children;
    }
}
