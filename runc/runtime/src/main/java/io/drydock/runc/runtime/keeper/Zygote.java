package io.drydock.runc.runtime.keeper;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.SocketCalls;
import io.drydock.linux.Spawn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The small process that forks keepers, since a JVM cannot. It is executed from a sealed memfd, so that no container can ever
 * reach the helper's file, and started again when it has died. Safe for any thread.
 */
public final class Zygote implements AutoCloseable {
    private static final int CONTROL = 3;
    private static final int PROGRAM = 4;

    private final Linux linux;
    private final Path program;
    private @Nullable Fd control;
    private @Nullable Fd pidfd;

    /** {@code program} is the helper's file; it is read when the first keeper is asked for. */
    public Zygote(Linux linux, Path program) {
        this.linux = linux;
        this.program = program;
    }

    /** Starts the process unless it runs. */
    public synchronized void start() throws IOException {
        if (control != null) {
            return;
        }
        try (Fd memfd = sealedProgram()) {
            Pipe pair = linux.sockets().socketPair(SocketCalls.SEQPACKET);
            try (Fd theirs = pair.write()) {
                int pid = linux.processes()
                        .spawn(new Spawn(
                                "/proc/self/fd/" + PROGRAM,
                                List.of("drydock-zygote", "zygote"),
                                List.of(),
                                Map.of(CONTROL, theirs, PROGRAM, memfd),
                                "/",
                                true));
                pidfd = linux.processes().pidfdOpen(pid);
                control = pair.read();
            } catch (LinuxException e) {
                pair.read().close();
                throw e;
            }
        }
    }

    private Fd sealedProgram() throws IOException {
        byte[] bytes = Files.readAllBytes(program);
        FileCalls files = linux.files();
        Fd memfd = files.memfdCreate("keeper");
        try {
            files.writeFully(memfd, ByteBuffer.wrap(bytes));
            files.fchmod(memfd, 0555);
            files.addSeals(memfd, FileCalls.SEAL_ALL);
            // a read-only descriptor: one that can write makes exec fail with ETXTBSY
            Fd readOnly = files.open(memfd.procPath(), 0);
            memfd.close();
            return readOnly;
        } catch (LinuxException e) {
            memfd.close();
            throw e;
        }
    }

    /** Forks a keeper and answers the control socket to it (non-blocking). */
    public synchronized Fd fork() throws IOException {
        start();
        Pipe pair = linux.sockets().socketPair(SocketCalls.SEQPACKET);
        try (Fd theirs = pair.write()) {
            try {
                send(theirs);
            } catch (LinuxException e) {
                if (e.errno() != Errno.EPIPE && e.errno() != Errno.ECONNRESET) {
                    throw e;
                }
                stop(); // it was killed: a new one does the same
                start();
                send(theirs);
            }
            linux.pipes().setNonBlocking(pair.read(), true);
            return pair.read();
        } catch (IOException e) {
            pair.read().close();
            throw e;
        }
    }

    private void send(Fd theirs) throws LinuxException {
        Fd socket = control;
        if (socket == null) {
            throw new LinuxException("zygote", null, Errno.EPIPE);
        }
        linux.sockets().send(socket, KeeperMessage.Request.FORK.packet(0, 0), List.of(theirs));
    }

    /** The zygote's pidfd while it is started; for tests and supervision. */
    public synchronized @Nullable Fd pidfd() {
        return pidfd;
    }

    private void stop() {
        if (control != null) {
            control.close();
            control = null;
        }
        if (pidfd != null) {
            try {
                linux.processes().pidfdSendSignal(pidfd, 9);
                linux.processes().waitPidfd(pidfd, true); // it dies at once
            } catch (LinuxException e) {
                if (e.errno() != Errno.ESRCH && e.errno() != Errno.ECHILD) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            pidfd.close();
            pidfd = null;
        }
    }

    /** Ends the process; keepers go on. */
    @Override
    public synchronized void close() {
        stop();
    }
}
