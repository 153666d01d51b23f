package io.drydock.bench;

import io.drydock.testkit.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a daemon has in its directory, and how it all ends. */
record Remains(Path directory) {
    /** Every process that mentions the directory: daemons and helpers. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(h -> Memory.commandLine(h.pid()).contains(directory.toString()))
                .toList();
    }

    /** Ends the daemon, and with force what is left after it; unmounts and deletes what is in the directory. */
    void end(Process daemon) {
        daemon.destroy();
        try {
            if (!daemon.waitFor(60, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        processes().forEach(ProcessHandle::destroyForcibly);
        Command.of(
                        "sh",
                        "-c",
                        "awk -v d=" + directory
                                + "/ 'index($2, d) == 1 { print $2 }' /proc/self/mounts | sort -r | xargs -r -n1 umount -l")
                .run();
        Command.of("rm", "-rf", directory.toString()).run();
    }
}
