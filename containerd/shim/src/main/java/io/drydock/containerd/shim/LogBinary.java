package io.drydock.containerd.shim;

import io.drydock.linux.EventCalls;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Poller;
import io.drydock.linux.Spawn;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that takes a process's output, as {@code binary:///path?name=value} asks for one: it reads stdout from its
 * descriptor 3 and stderr from 4, and closes 5 when it is ready; version 2 of the protocol ({@code binary-v2}) writes a byte
 * there first. It knows whose output it is by {@code CONTAINER_ID} and {@code CONTAINER_NAMESPACE}.
 */
final class LogBinary {
    private static final Logger log = LoggerFactory.getLogger(LogBinary.class);
    private static final int TERM = 15;
    private static final int KILL = 9;
    private static final Duration READY = Duration.ofSeconds(30);
    private static final Duration LAST_LINES = Duration.ofSeconds(2);
    private static final Duration FLUSH = Duration.ofSeconds(12);

    private final Linux linux;
    private final Poller poller;
    private final Fd pidfd;

    private LogBinary(Linux linux, Poller poller, Fd pidfd) {
        this.linux = linux;
        this.poller = poller;
        this.pidfd = pidfd;
    }

    static boolean isMeant(String uri) {
        return uri.startsWith("binary://") || uri.startsWith("binary-v2://");
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param stdout what it reads stdout from; stays the caller's
     * @throws IOException also if version 2's program ends without having been ready
     */
    static LogBinary start(Linux linux, Poller poller, String uri, StdioOwner owner, Fd stdout, Fd stderr)
            throws IOException {
        List<String> command = command(uri);
        List<String> environment = List.of("CONTAINER_ID=" + owner.id(), "CONTAINER_NAMESPACE=" + owner.namespace());
        try (Fd nothing = linux.files().open("/dev/null", O.RDWR);
                Pipe ready = linux.pipes().pipe(0)) {
            Map<Integer, Fd> descriptors =
                    Map.of(0, nothing, 1, nothing, 2, nothing, 3, stdout, 4, stderr, 5, ready.write());
            int pid = linux.processes()
                    .spawn(new Spawn(command.getFirst(), command, environment, descriptors, "/", true));
            LogBinary binary = new LogBinary(linux, poller, linux.processes().pidfdOpen(pid));
            ready.write().close();
            try {
                binary.awaitReady(ready.read(), uri.startsWith("binary-v2:"));
                return binary;
            } catch (IOException e) {
                linux.processes().pidfdSendSignal(binary.pidfd, KILL);
                binary.end();
                throw e;
            }
        }
    }

    /** The program and its arguments: each name of the query, followed by its value if it has one. */
    static List<String> command(String uri) throws IOException {
        URI parsed;
        try {
            parsed = new URI(uri);
        } catch (URISyntaxException e) {
            throw new IOException("log destination " + uri + ": " + e.getMessage(), e);
        }
        List<String> command = new ArrayList<>(List.of(parsed.getPath()));
        String query = parsed.getRawQuery();
        for (String part : query == null ? new String[0] : query.split("&")) {
            int equals = part.indexOf('=');
            command.add(decoded(equals < 0 ? part : part.substring(0, equals)));
            if (equals >= 0 && equals + 1 < part.length()) {
                command.add(decoded(part.substring(equals + 1)));
            }
        }
        return command;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private void awaitReady(Fd ready, boolean says) throws IOException {
        try {
            if (poller.await(ready, EventCalls.IN, READY) == 0) {
                throw new IOException("the logging binary was not ready in time");
            }
            if (linux.files().read(ready, ByteBuffer.allocateDirect(1)) == 0 && says) {
                throw new IOException("the logging binary ended before it was ready");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a logging binary started", e);
        }
    }

    /** Its output has ended: waits until it has too, and helps when it does not. */
    void end() {
        try (pidfd) {
            if (ended(LAST_LINES)) {
                return;
            }
            linux.processes().pidfdSendSignal(pidfd, TERM);
            if (!ended(FLUSH)) {
                log.warn("a logging binary does not end, killing it");
                linux.processes().pidfdSendSignal(pidfd, KILL);
                ended(FLUSH);
            }
        } catch (IOException e) {
            log.warn("end a logging binary: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ended(Duration limit) throws IOException, InterruptedException {
        poller.await(pidfd, EventCalls.IN, limit);
        try {
            Optional<ExitStatus> status = linux.processes().waitPidfd(pidfd, false);
            return status.isPresent();
        } catch (LinuxException e) {
            return true; // it is reaped already
        }
    }
}
