package io.drydock.containerd.shim.program;

import io.drydock.linux.EventCalls;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.linux.Spawn;
import io.drydock.runc.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An OCI runtime's program and how it is called. It writes its complaints into a log as JSON; the last one is what failed.
 *
 * @param name what it is called by, as the options say; looked up in {@code $PATH} unless it is a path
 * @param root the directory of its states
 * @param systemd whether systemd shall make the control groups
 */
record RuntimeProgram(Linux linux, Poller poller, String name, Path root, boolean systemd) {
    private static final List<String> GONE =
            List.of("not running", "no such process", "already finished", "process not found", "is stopped");

    /** Runs a command that prints nothing that matters. */
    void run(Path log, List<String> arguments) throws RuntimeFailure {
        run(log, arguments, Map.of());
    }

    /** Runs a command with these descriptors, those missing of 0, 1 and 2 being {@code /dev/null}; returns when it has ended. */
    void run(Path log, List<String> arguments, Map<Integer, Fd> descriptors) throws RuntimeFailure {
        try {
            Files.deleteIfExists(log);
            Path program = find();
            List<String> command = new ArrayList<>(List.of(
                    program.toString(), "--root", root.toString(), "--log", log.toString(), "--log-format", "json"));
            if (systemd) {
                command.add("--systemd-cgroup");
            }
            command.addAll(arguments);
            ExitStatus status = await(program, command, descriptors);
            if (status.shellCode() != 0) {
                throw failure(arguments.getFirst(), log, status);
            }
        } catch (RuntimeFailure e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, name + " was not waited for", e);
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "run " + name + ": " + e.getMessage(), e);
        }
    }

    private ExitStatus await(Path program, List<String> command, Map<Integer, Fd> descriptors)
            throws IOException, InterruptedException {
        List<String> environment = new ArrayList<>();
        System.getenv().forEach((key, value) -> environment.add(key + "=" + value));
        try (Fd nothing = linux.files().open("/dev/null", O.RDWR)) {
            Map<Integer, Fd> all = new java.util.HashMap<>(Map.of(0, nothing, 1, nothing, 2, nothing));
            all.putAll(descriptors);
            int pid = linux.processes().spawn(new Spawn(program.toString(), command, environment, all, "/", false));
            try (Fd pidfd = linux.processes().pidfdOpen(pid)) {
                while (true) {
                    poller.await(pidfd, EventCalls.IN);
                    Optional<ExitStatus> status = linux.processes().waitPidfd(pidfd, false);
                    if (status.isPresent()) {
                        return status.get();
                    }
                }
            }
        }
    }

    private Path find() throws IOException {
        if (name.startsWith("/")) {
            return Path.of(name);
        }
        for (String directory : System.getenv()
                .getOrDefault("PATH", "/usr/bin:/usr/sbin:/bin:/sbin")
                .split(":")) {
            Path candidate = Path.of(directory, name);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new IOException("exec: \"" + name + "\": executable file not found in $PATH");
    }

    private RuntimeFailure failure(String verb, Path log, ExitStatus status) throws IOException {
        String said;
        try {
            said = RuntimeLog.lastError(Files.readString(log)).orElse("");
        } catch (NoSuchFileException e) {
            said = "";
        }
        if (said.isEmpty()) {
            said = name + " did not terminate successfully: "
                    + (status.signal() == 0 ? "exit status " + status.code() : "signal " + status.signal());
        }
        String lower = said.toLowerCase(Locale.ROOT);
        RuntimeFailure.Kind kind = RuntimeFailure.Kind.FAILED;
        if (!verb.equals("create") && !verb.equals("exec")) {
            if (lower.contains("does not exist") || lower.contains("no such file")) {
                kind = RuntimeFailure.Kind.NOT_FOUND;
            } else if (GONE.stream().anyMatch(lower::contains)) {
                kind = RuntimeFailure.Kind.FAILED_PRECONDITION;
            }
        }
        return new RuntimeFailure(kind, said);
    }

    /** A process's pidfd, null if there is no such process any more. */
    @org.jspecify.annotations.Nullable
    Fd pidfd(int pid) throws LinuxException {
        try {
            return linux.processes().pidfdOpen(pid);
        } catch (LinuxException e) {
            if (e.errno() == io.drydock.linux.Errno.ESRCH) {
                return null;
            }
            throw e;
        }
    }
}
