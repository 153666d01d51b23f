package io.drydock.docker.dockerd;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containerd of this daemon: a child with a configuration of its own, started again when it dies. One that an earlier
 * daemon left running is taken over.
 */
final class ContainerdProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerdProcess.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path program;
    private final Path directory;
    private final Path root;
    private final String logLevel;
    private final Map<String, String> environment;
    private volatile @Nullable ProcessHandle process;
    private volatile boolean closing;
    private final Thread watcher;

    /**
     * @param program the containerd
     * @param directory where its socket and configuration are: {@code <exec-root>/containerd}
     * @param root where it keeps what it stores
     * @param environment added to this process's
     */
    ContainerdProcess(Path program, Path directory, Path root, String logLevel, Map<String, String> environment) {
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
        process = running == null ? launch() : running;
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

    private @Nullable ProcessHandle left() throws IOException {
        Path file = directory.resolve("containerd.pid");
        if (!Files.exists(file)) {
            return null;
        }
        try {
            var handle = ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                    .orElse(null);
            if (handle == null || !handle.isAlive()) {
                return null;
            }
            boolean ours = Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"))
                    .contains(directory.resolve("containerd.toml").toString());
            if (ours) {
                LOG.info("containerd is still running, pid {}", handle.pid());
            }
            return ours ? handle : null;
        } catch (NumberFormatException | java.nio.file.NoSuchFileException e) {
            return null;
        }
    }

    private ProcessHandle launch() throws IOException {
        var builder = new ProcessBuilder(List.of(
                program.toString(),
                "--config",
                directory.resolve("containerd.toml").toString(),
                "--log-level",
                logLevel));
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        var started = builder.start().toHandle();
        Files.writeString(directory.resolve("containerd.pid"), Long.toString(started.pid()));
        return started;
    }

    private void watch() {
        while (!closing) {
            var current = process;
            if (current != null) {
                awaitEnd(current);
            }
            if (closing) {
                return;
            }
            LOG.error("containerd has died, starting it again");
            try {
                process = launch();
                Thread.sleep(PAUSE);
            } catch (IOException e) {
                LOG.error("start containerd: {}", e.getMessage());
                process = null;
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void awaitEnd(ProcessHandle running) {
        boolean child = running.parent()
                .filter(parent -> parent.equals(ProcessHandle.current()))
                .isPresent();
        if (child || !awaitStranger(running)) {
            running.onExit().join();
        }
    }

    /** The JDK looks at a process that is not its child only every few seconds. False if it could not be watched better. */
    private static boolean awaitStranger(ProcessHandle running) {
        Linux linux = Linux.system();
        try (Fd pidfd = linux.processes().pidfdOpen((int) running.pid());
                Poller poller = new Poller(linux, "containerd-watch")) {
            if (running.isAlive()) {
                poller.await(pidfd, EventCalls.IN);
            }
            return true;
        } catch (IOException e) {
            LOG.debug("watch containerd by its descriptor: {}", e.getMessage()); // it has ended already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        closing = true;
        var current = process;
        if (current == null) {
            return;
        }
        current.destroy();
        try {
            current.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            current.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("wait for containerd's end: {}", e.getMessage());
        }
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
}
