package io.drydock.docker.engine.network;

import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.linux.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds and forwards ports by a docker-proxy with the original's command line, one process per port. It tells by descriptor 3
 * whether it listens: {@code 0\n}, or {@code 1\n} and the reason.
 */
final class ProxyPerPort implements PortHolder {
    private static final Duration PATIENCE = Duration.ofSeconds(16);
    private static final int SIGTERM = 15;
    private static final int STATUS_FD = 3;

    private final Linux linux;
    private final Poller poller;
    private final Path program;
    private final Map<ForwardedPort, List<Fd>> processes = new ConcurrentHashMap<>();

    ProxyPerPort(Linux linux, Poller poller, Path program) {
        this.linux = linux;
        this.poller = poller;
        this.program = program;
    }

    /** Such a program cannot be found again: it names no port by which another daemon would know it. */
    @Override
    public Set<ForwardedPort> adopt() {
        return Set.of();
    }

    @Override
    public void hold(ForwardedPort range) throws IOException {
        var started = new ArrayList<Fd>();
        try {
            for (var port : range.each()) {
                started.add(start(port));
            }
        } catch (IOException e) {
            started.forEach(this::end);
            throw e;
        }
        processes.put(range, started);
    }

    private Fd start(ForwardedPort port) throws IOException {
        try (var status = linux.pipes().pipe(O.NONBLOCK)) {
            var process = spawn(port, status.write());
            status.write().close();
            var answer = read(status.read());
            if (!answer.startsWith("0\n")) {
                end(process);
                var reason = answer.startsWith("1\n") ? answer.substring(2).strip() : "docker-proxy did not start";
                throw new IOException("Error starting userland proxy: " + reason);
            }
            return process;
        }
    }

    private Fd spawn(ForwardedPort port, Fd status) throws IOException {
        try (var nowhere = linux.files().open("/dev/null", O.RDWR)) {
            int pid = linux.processes()
                    .spawn(new Spawn(
                            program.toString(),
                            commandLine(port),
                            List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
                            Map.of(0, nowhere, 1, nowhere, 2, Fd.borrowed(2), STATUS_FD, status),
                            "/",
                            false));
            return linux.processes().pidfdOpen(pid);
        }
    }

    private List<String> commandLine(ForwardedPort port) {
        return List.of(
                program.toString(),
                "-proto",
                port.protocol(),
                "-host-ip",
                address(port.host()),
                "-host-port",
                Integer.toString(port.host().getPort()),
                "-container-ip",
                address(port.container()),
                "-container-port",
                Integer.toString(port.container().getPort()));
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }

    private String read(Fd status) throws IOException {
        var buffer = ByteBuffer.allocate(4096);
        var text = new StringBuilder();
        while (true) {
            try {
                int length = linux.files().read(status, buffer.clear());
                if (length == 0) {
                    return text.toString();
                }
                text.append(new String(buffer.array(), 0, length, StandardCharsets.UTF_8));
                if (text.indexOf("0\n") == 0) {
                    return text.toString();
                }
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
                await(status);
            }
        }
    }

    private void await(Fd status) throws IOException {
        try {
            if (poller.await(status, EventCalls.IN, PATIENCE) == 0) {
                throw new IOException("Error starting userland proxy: timed out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void release(ForwardedPort port) {
        var started = processes.remove(port);
        if (started != null) {
            started.forEach(this::end);
        }
    }

    private void end(Fd process) {
        try {
            linux.processes().pidfdSendSignal(process, SIGTERM);
        } catch (LinuxException e) {
            // it has ended already and only needs to be reaped
        }
        try {
            if (poller.await(process, EventCalls.IN, PATIENCE) != 0) {
                linux.processes().waitPidfd(process, false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }

    /** Without the daemon that started them such processes would not be found again, so they end with it. */
    @Override
    public void close() {
        processes.keySet().forEach(this::release);
    }
}
