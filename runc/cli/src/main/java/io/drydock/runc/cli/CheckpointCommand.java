package io.drydock.runc.cli;

import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.CriuOptions;
import io.drydock.runc.runtime.CriuOptions.Flag;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.runc.runtime.Status;
import java.io.IOException;
import java.util.List;

/** {@code runc checkpoint}. */
final class CheckpointCommand {
    private final Containers containers;
    private final Log log;

    CheckpointCommand(Containers containers, Log log) {
        this.containers = containers;
        this.log = log;
    }

    int run(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parse(
                words,
                "image-path=",
                "work-path=",
                "parent-path=",
                "leave-running",
                "tcp-established",
                "tcp-skip-in-flight",
                "link-remap",
                "ext-unix-sk",
                "shell-job",
                "lazy-pages",
                "status-fd=",
                "page-server=",
                "file-locks",
                "pre-dump",
                "manage-cgroups-mode=",
                "empty-ns=",
                "auto-dedup");
        if (line.arguments().size() != 1) {
            throw new UsageException("runc: \"checkpoint\" requires exactly 1 argument(s)");
        }
        try (Container container = containers.load(line.arguments().getFirst())) {
            Status status = container.state().status();
            if (status == Status.CREATED || status == Status.STOPPED) {
                throw new IOException("Container cannot be checkpointed in " + status.word() + " state");
            }
            CriuOptions options = CriuFlags.options(line);
            container.checkpoint(options);
            if (!options.flags().contains(Flag.LEAVE_RUNNING)
                    && !options.flags().contains(Flag.PRE_DUMP)) {
                remove(container);
            }
        }
        return 0;
    }

    private void remove(Container container) {
        try {
            container.delete(true);
        } catch (RuntimeFailure e) {
            log.warning(String.valueOf(e.getMessage()));
        }
    }
}
