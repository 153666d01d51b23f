package io.drydock.docker.dockerd;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.linux.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containerd of this daemon: a child with a configuration of its own, started again when it dies. It leads a session of
 * its own, so that a signal to this daemon's process group (a terminal's Ctrl-C) does not end it before the daemon, which
 * needs it to stop containers. One that an earlier daemon left running is taken over.
 */
final class ContainerdProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerdProcess.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TERM = 15;
    private static final int KILL = 9;

    private final Linux linux;
    private final Poller poller;
    private final Path program;
    private final Path directory;
    private final Path root;
    private final String logLevel;
    private final Map<String, String> environment;
    /** Its pidfd. */
    private volatile @Nullable Fd process;

    private volatile boolean closing;
    private final Thread watcher;

    /**
     * @param program the containerd
     * @param directory where its socket and configuration are: {@code <exec-root>/containerd}
     * @param root where it keeps what it stores
     * @param environment added to this process's
     */
    ContainerdProcess(
            Linux linux, Path program, Path directory, Path root, String logLevel, Map<String, String> environment)
            throws IOException {
        this.linux = linux;
        this.poller = new Poller(linux, "containerd-watch");
        this.program = program;
        this.directory = directory;
        this.root = root;
        this.logLevel = logLevel;
        this.environment = environment;
        this.watcher = Thread.ofVirtual().name("containerd-watch").unstarted(this::watch);
    }

    Path socket() {
        return directory.resolve("containerd.sock");
    }

    /** Starts it, or takes over one that runs. */
    void start() throws IOException {
        Files.createDirectories(directory);
        Files.createDirectories(root);
        Files.writeString(directory.resolve("containerd.toml"), configuration());
        var running = left();
        if (running == null) {
            launch();
        } else {
            process = running;
        }
        watcher.start();
    }

    private String configuration() {
        return """
                version = 2
                root = "%s"
                state = "%s"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                oom_score = 0

                [grpc]
                  address = "%s"

                [ttrpc]
                  address = "%s.ttrpc"

                [debug]
                  address = "%s"
                  level = "%s"
                """.formatted(
                        root,
                        directory.resolve("daemon"),
                        socket(),
                        socket(),
                        directory.resolve("containerd-debug.sock"),
                        logLevel);
    }

    private @Nullable Fd left() throws IOException {
        Path file = directory.resolve("containerd.pid");
        if (!Files.exists(file)) {
            return null;
        }
        Fd found = null;
        try {
            int pid = Integer.parseInt(Files.readString(file).strip());
            found = linux.processes().pidfdOpen(pid);
            if (Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                    .contains(directory.resolve("containerd.toml").toString())) {
                LOG.info("containerd is still running, pid {}", pid);
                return found;
            }
        } catch (NumberFormatException | IOException e) {
            LOG.debug("the containerd of {} is gone: {}", file, e.getMessage());
        }
        if (found != null) {
            found.close();
        }
        return null;
    }

    private void launch() throws IOException {
        var entries = new ArrayList<String>();
        var variables = new HashMap<>(System.getenv());
        variables.putAll(environment);
        variables.forEach((name, value) -> entries.add(name + "=" + value));
        var command = List.of(
                program.toString(),
                "--config",
                directory.resolve("containerd.toml").toString(),
                "--log-level",
                logLevel);
        try (Fd nothing = linux.files().open("/dev/null", O.RDONLY)) {
            int pid = linux.processes()
                    .spawn(new Spawn(
                            program.toString(),
                            command,
                            entries,
                            Map.of(0, nothing, 1, Fd.borrowed(1), 2, Fd.borrowed(2)),
                            null,
                            true));
            process = linux.processes().pidfdOpen(pid);
            Files.writeString(directory.resolve("containerd.pid"), Integer.toString(pid));
        }
    }

    private void watch() {
        try {
            while (!closing) {
                var current = process;
                if (current != null) {
                    poller.await(current, EventCalls.IN);
                    process = null;
                    reap(current);
                    LOG.error("containerd has died, starting it again");
                }
                startAgain();
            }
        } catch (IOException e) {
            LOG.error("watch containerd: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startAgain() throws InterruptedException {
        try {
            launch();
            Thread.sleep(PAUSE);
        } catch (IOException e) {
            LOG.error("start containerd: {}", e.getMessage());
            Thread.sleep(Duration.ofSeconds(1));
        }
    }

    /** Takes it off the process table, if it is a child of this daemon and not of an earlier one. */
    private void reap(Fd ended) {
        try (ended) {
            linux.processes().waitPidfd(ended, false);
        } catch (LinuxException e) {
            LOG.debug("containerd was an earlier daemon's: {}", e.getMessage());
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        closing = true;
        watcher.interrupt();
        try {
            watcher.join();
            var current = process;
            if (current != null) {
                end(current);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        poller.close();
        var files =
                new ArrayList<Path>(List.of(directory.resolve("containerd.pid"), directory.resolve("containerd.toml")));
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("remove {}: {}", file, e.getMessage());
            }
        }
    }

    private void end(Fd current) throws InterruptedException {
        try {
            linux.processes().pidfdSendSignal(current, TERM);
            if (poller.await(current, EventCalls.IN, PATIENCE) == 0) {
                linux.processes().pidfdSendSignal(current, KILL);
            }
            reap(current);
        } catch (IOException e) {
            LOG.warn("end containerd: {}", e.getMessage());
        }
    }
}
