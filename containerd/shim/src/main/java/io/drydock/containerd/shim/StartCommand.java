package io.drydock.containerd.shim;

import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code start}: says where the shim for a container listens. If one serves this containerd already, it is that one;
 * otherwise it is started first, in a session of its own, with the bundle's log FIFO as its standard error.
 */
final class StartCommand {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long POLL_MILLIS = 5;

    private final Linux linux;
    private final Path program;

    /** @param program this shim's own launcher */
    StartCommand(Linux linux, Path program) {
        this.linux = linux;
        this.program = program;
    }

    /** Answers the shim's address, {@code unix:///…}. */
    String run(Arguments arguments, Map<String, String> environment) throws IOException, InterruptedException {
        Path socket = Sockets.of(arguments.address());
        if (!Sockets.answers(socket)) {
            serve(arguments, environment, socket);
        }
        return "unix://" + socket;
    }

    private void serve(Arguments arguments, Map<String, String> environment, Path socket)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "-address", arguments.address(), "-socket", socket.toString()));
        if (arguments.debug()) {
            command.add("-debug");
        }
        command.add("serve");
        List<String> entries = new ArrayList<>();
        environment.forEach((name, value) -> entries.add(name + "=" + value));
        try (Fd nothing = linux.files().open("/dev/null", O.RDWR);
                Fd log = log(arguments.bundlePath())) {
            int pid = linux.processes()
                    .spawn(new Spawn(
                            program.toString(), command, entries, Map.of(0, nothing, 1, nothing, 2, log), "/", true));
            try (Fd pidfd = linux.processes().pidfdOpen(pid)) {
                awaitSocket(socket, pidfd);
            }
        }
    }

    private void awaitSocket(Path socket, Fd pidfd) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        boolean lostRace = false;
        while (!Sockets.answers(socket)) {
            Optional<ExitStatus> exit =
                    lostRace ? Optional.empty() : linux.processes().waitPidfd(pidfd, false);
            if (exit.isPresent()) {
                lostRace = exit.get().shellCode() == 0; // Another start's shim is about to listen.
                if (!lostRace) {
                    throw new IOException(
                            "the shim ended with status " + exit.get().shellCode());
                }
            }
            if (System.nanoTime() > end) {
                throw new IOException("the shim did not listen on " + socket + " in time");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The bundle's log FIFO; without a reader there, nothing. Non-blocking: a stuck reader must not stop the shim. */
    private Fd log(Path bundle) throws LinuxException {
        try {
            return linux.files().open(bundle.resolve("log").toString(), O.WRONLY | O.NONBLOCK);
        } catch (LinuxException e) {
            return linux.files().open("/dev/null", O.WRONLY);
        }
    }
}
