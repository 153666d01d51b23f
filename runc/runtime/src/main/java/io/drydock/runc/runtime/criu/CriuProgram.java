package io.drydock.runc.runtime.criu;

import io.drydock.linux.EventCalls;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.linux.Spawn;
import io.drydock.runc.runtime.criu.CriuConnection.Notified;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The program {@code criu}, which saves and restores processes; it is found in {@code $PATH}. */
public final class CriuProgram {
    /** The number of the socket in a {@code criu swrk}. */
    public static final int SOCKET = 3;

    /** The oldest that tells its version. */
    private static final int OLDEST = 30_000;

    private final Linux linux;
    private final Poller poller;
    private final Path program;
    private final int version;

    CriuProgram(Linux linux, Poller poller, Path program, int version) {
        this.linux = linux;
        this.poller = poller;
        this.program = program;
        this.version = version;
    }

    /**
     * Looks for the program and asks it for its version.
     *
     * @throws IOException {@code CRIU version check failed: …} if it is missing, does not answer or is too old
     */
    public static CriuProgram find(Linux linux, Poller poller) throws IOException {
        for (String directory :
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(":")) {
            Path candidate = Path.of(directory, "criu");
            if (!directory.isEmpty() && Files.isExecutable(candidate)) {
                CriuProgram unknown = new CriuProgram(linux, poller, candidate, 0);
                try {
                    int version = unknown.run(CriuRequest.version(), (script, pid, fd) -> {})
                            .version();
                    CriuProgram found = new CriuProgram(linux, poller, candidate, version);
                    found.require(OLDEST);
                    return found;
                } catch (IOException e) {
                    throw new IOException("CRIU version check failed: " + e.getMessage(), e);
                }
            }
        }
        throw new IOException("CRIU version check failed: exec: \"criu\": executable file not found in $PATH");
    }

    private void require(int least) throws IOException {
        if (!isAtLeast(least)) {
            throw new IOException("CRIU version " + version + " must be " + least + " or higher");
        }
    }

    public Path path() {
        return program;
    }

    /** {@code least}: {@code major * 10000 + minor * 100 + sublevel}. */
    public boolean isAtLeast(int least) {
        return version >= least;
    }

    /** What a {@code criu swrk} is called with. */
    public static List<String> arguments() {
        return List.of("criu", "swrk", Integer.toString(SOCKET));
    }

    /** Our environment, which tells criu where its own helpers are. */
    public static List<String> environment() {
        return System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + '=' + entry.getValue())
                .toList();
    }

    /** Has a process of its own carry a request out, and waits for its end. */
    public CriuResponse run(byte[] request, Notified notified) throws IOException {
        Pipe pair = linux.sockets().socketPair(SocketCalls.SEQPACKET);
        try (Fd ours = pair.read()) {
            Fd pidfd;
            try (Fd theirs = pair.write()) {
                pidfd = start(theirs);
            }
            try (pidfd) {
                CriuResponse response;
                ExitStatus status;
                try {
                    linux.pipes().setNonBlocking(ours, true);
                    response = new CriuConnection(linux, poller, ours).ask(request, notified);
                } finally {
                    ours.close(); // upon which it ends
                    status = end(pidfd);
                }
                // after a first dump of memory it waits for the next and is told that there is none
                if (status.shellCode() != 0 && !response.is(CriuType.PRE_DUMP)) {
                    throw new IOException("criu failed: exit status " + status.shellCode());
                }
                return response;
            }
        }
    }

    /** Waits for a criu's end, and reaps it. */
    private ExitStatus end(Fd pidfd) throws IOException {
        try {
            poller.await(pidfd, EventCalls.IN);
            return linux.processes()
                    .waitPidfd(pidfd, false)
                    .orElseThrow(() -> new IOException("criu has ended and cannot be waited for"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private Fd start(Fd socket) throws LinuxException {
        try (Fd nothing = linux.files().open("/dev/null", O.RDWR)) {
            int pid = linux.processes()
                    .spawn(new Spawn(
                            program.toString(),
                            arguments(),
                            environment(),
                            Map.of(0, nothing, 1, nothing, 2, nothing, SOCKET, socket),
                            null,
                            false));
            return linux.processes().pidfdOpen(pid);
        }
    }
}
