package io.drydock.docker.proxy.control;

import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.docker.proxy.forward.Forwarder;
import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.linux.Spawn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's docker-proxy: started with the first port, told of every port, started again when it dies, ended soon after the
 * last port. It goes on alone when the daemon dies, and the next daemon {@link #adopt adopts} it.
 *
 * <p>What is to be forwarded is kept here; a docker-proxy is only ever told. Adding a port does not wait for it: the sockets
 * listen already. Safe for several threads.
 */
public final class ProxyDaemon implements AutoCloseable {
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** A docker-proxy that was just started answers when its JVM runs. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private static final long QUICK_DEATH_NANOS = 1_000_000_000L;
    private static final long RETRY_NANOS = 500_000_000L;
    private static final int CONTROL_FD = 3;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SEND_BUFFER = 4 << 20;

    private final Linux linux;
    private final Poller poller;
    private final Path program;
    private final Path socketPath;
    private final Consumer<String> problems;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** All ports; the value is null where only the docker-proxy of an earlier daemon has the sockets. */
    private final Map<ForwardedPort, @Nullable List<Fd>> ports = new LinkedHashMap<>();

    private @Nullable Fd connection;
    /** How many requests the docker-proxy has not answered yet. */
    private int unanswered;

    private long startedAt;
    private boolean closed;

    /**
     * Nothing is started yet.
     *
     * @param program the docker-proxy of this project
     * @param socketPath where daemons reach it, at most 107 bytes
     * @param problems is told what went wrong without a caller to tell: one line each
     */
    public ProxyDaemon(Linux linux, Poller poller, Path program, Path socketPath, Consumer<String> problems) {
        this.linux = linux;
        this.poller = poller;
        this.program = program;
        this.socketPath = socketPath;
        this.problems = problems;
        // a platform thread is in the network namespace of its maker, and so is what it binds and starts
        Thread.ofPlatform().daemon().name("docker-proxy-keeper").start(this::keep);
    }

    /**
     * Connects to the docker-proxy that an earlier daemon left, if there is one.
     *
     * @return the ports it forwards, all of which it goes on with until they are removed
     */
    public Set<ForwardedPort> adopt() throws IOException {
        lock.lock();
        try {
            var found = connect();
            if (found == null) {
                return Set.of();
            }
            try {
                list(found).forEach(port -> ports.put(port, null));
            } catch (IOException e) {
                found.close();
                throw e;
            }
            use(found);
            return Set.copyOf(ports.keySet());
        } finally {
            lock.unlock();
        }
    }

    private List<ForwardedPort> list(Fd from) throws IOException {
        send(from, "list", List.of());
        var found = new ArrayList<ForwardedPort>();
        while (true) {
            for (var line : receive(from).split("\n")) {
                if (line.equals("ok")) {
                    return found;
                }
                var port = line.startsWith("port ") ? ForwardedPort.parse(line.substring(5)) : null;
                if (port != null) {
                    found.add(port);
                }
            }
        }
    }

    /**
     * Forwards a port, or a range, from now on. Does nothing if it is forwarded already.
     *
     * @param sockets the sockets that are bound to the ports and, for TCP, listen; this object closes them
     * @throws IOException if docker-proxy cannot be started
     */
    public void add(ForwardedPort port, List<Fd> sockets) throws IOException {
        lock.lock();
        try {
            if (ports.containsKey(port)) {
                sockets.forEach(Fd::close);
                return;
            }
            ports.put(port, sockets);
            changed.signalAll();
            if (connection == null) {
                try {
                    start();
                } catch (IOException e) {
                    ports.remove(port);
                    sockets.forEach(Fd::close);
                    throw e;
                }
            } else {
                tellAdded(port, sockets);
            }
        } finally {
            lock.unlock();
        }
    }

    private void tellAdded(ForwardedPort port, List<Fd> sockets) {
        for (int from = 0; from < sockets.size(); from += ControlServer.SOCKETS_PER_PACKET) {
            int to = Math.min(sockets.size(), from + ControlServer.SOCKETS_PER_PACKET);
            tell("add " + port.text(), sockets.subList(from, to));
        }
    }

    /** Forwards a port, or a range, no longer. Connections through it go on. */
    public void remove(ForwardedPort port) {
        lock.lock();
        try {
            if (!ports.containsKey(port)) {
                return;
            }
            var sockets = ports.remove(port);
            tell("remove " + port.text(), List.of());
            close(sockets);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void close(@Nullable List<Fd> sockets) {
        if (sockets != null) {
            sockets.forEach(Fd::close);
        }
    }

    /** Waits until docker-proxy has done what it was told so far: a port that was just removed is free then. */
    public void settle() throws IOException {
        lock.lock();
        try {
            long left = START_PATIENCE.toNanos();
            while (unanswered > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** Lets docker-proxy go on alone; ends it if there is nothing that it forwards. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (ports.isEmpty()) {
                tell("stop", List.of());
            }
            changed.signalAll();
            disconnect();
            ports.values().forEach(ProxyDaemon::close);
            ports.clear();
        } finally {
            lock.unlock();
        }
    }

    /** The thread that sees to it that docker-proxy runs while there are ports, and not for long when there are none. */
    private void keep() {
        lock.lock();
        try {
            while (!closed) {
                if (connection == null && !ports.isEmpty()) {
                    restart();
                } else if (connection != null && ports.isEmpty()) {
                    stopUnlessNeeded();
                } else {
                    changed.await();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void restart() throws InterruptedException {
        if (System.nanoTime() - startedAt < QUICK_DEATH_NANOS) {
            changed.awaitNanos(RETRY_NANOS);
        }
        if (connection == null && !ports.isEmpty() && !closed) {
            try {
                start();
            } catch (IOException e) {
                problems.accept("start docker-proxy again: " + e.getMessage());
                changed.awaitNanos(RETRY_NANOS);
            }
        }
    }

    private void stopUnlessNeeded() throws InterruptedException {
        long left = LINGER.toNanos();
        while (ports.isEmpty() && connection != null && !closed && left > 0) {
            left = changed.awaitNanos(left);
        }
        if (ports.isEmpty() && connection != null && !closed && unanswered == 0) {
            tell("stop", List.of());
            disconnect();
            try {
                Files.deleteIfExists(socketPath);
            } catch (IOException e) {
                problems.accept("remove " + socketPath + ": " + e.getMessage());
            }
        }
    }

    /**
     * Starts a docker-proxy and tells it all ports. The control socket exists before it does, and the connection is made while
     * this end of the socket is open too: nothing waits for the process, and if it dies that is noticed by the connection's end.
     */
    private void start() throws IOException {
        startedAt = System.nanoTime();
        Files.deleteIfExists(socketPath);
        try (var listener = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.SEQPACKET, 0)) {
            linux.sockets().bindUnix(listener, socketPath.toString());
            linux.sockets().listen(listener, 16);
            spawn(listener);
            var fresh = connect();
            if (fresh == null) {
                throw new IOException("no connection at " + socketPath);
            }
            use(fresh);
        }
        for (var entry : List.copyOf(ports.entrySet())) {
            var sockets = entry.getValue();
            if (sockets == null) {
                sockets = rebind(entry.getKey());
                ports.put(entry.getKey(), sockets);
            }
            if (sockets != null) {
                tellAdded(entry.getKey(), sockets);
            }
        }
    }

    private @Nullable List<Fd> rebind(ForwardedPort port) {
        try {
            return Forwarder.bind(linux.sockets(), InetCalls.system(), port);
        } catch (IOException e) {
            problems.accept("forward port again: " + e.getMessage());
            return null;
        }
    }

    private void spawn(Fd listener) throws IOException {
        try (var nowhere = linux.files().open("/dev/null", O.RDWR | O.CLOEXEC)) {
            var environment = System.getenv().entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .toList();
            int pid = linux.processes()
                    .spawn(new Spawn(
                            program.toString(),
                            // docker-proxy reads no further than its options: the path tells who looks at ps whose it
                            // is
                            List.of(
                                    program.toString(),
                                    "-control-fd",
                                    Integer.toString(CONTROL_FD),
                                    socketPath.toString()),
                            environment,
                            Map.of(0, nowhere, 1, nowhere, 2, Fd.borrowed(2), CONTROL_FD, listener),
                            "/",
                            true));
            reapLater(pid);
        }
    }

    private void reapLater(int pid) throws LinuxException {
        var pidfd = linux.processes().pidfdOpen(pid);
        poller.once(pidfd, EventCalls.IN, events -> {
            try (pidfd) {
                if (events != 0) {
                    linux.processes().waitPidfd(pidfd, false);
                }
            } catch (LinuxException e) {
                problems.accept("reap docker-proxy: " + e.getMessage());
            }
        });
    }

    private @Nullable Fd connect() throws IOException {
        if (!Files.exists(socketPath)) {
            return null;
        }
        var socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.SEQPACKET | SocketCalls.NONBLOCK, 0);
        try {
            linux.sockets().setOption(socket, SocketCalls.SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER);
            linux.sockets().connectUnix(socket, socketPath.toString());
            return socket;
        } catch (LinuxException e) {
            socket.close();
            if (e.errno() == Errno.ECONNREFUSED || e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private void use(Fd fresh) {
        connection = fresh;
        unanswered = 0;
        Thread.ofVirtual().name("docker-proxy-answers").start(() -> listen(fresh));
    }

    /** Reads docker-proxy's answers until it is gone. */
    private void listen(Fd from) {
        try {
            while (true) {
                var line = receive(from, Duration.ofDays(10_000));
                if (line.startsWith("error ")) {
                    problems.accept("docker-proxy: " + line.substring(6));
                }
                answered(from);
            }
        } catch (IOException | IllegalStateException e) {
            lost(from);
        }
    }

    private void answered(Fd from) {
        lock.lock();
        try {
            if (connection == from && --unanswered == 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void lost(Fd gone) {
        lock.lock();
        try {
            if (connection == gone) {
                disconnect();
            }
        } finally {
            lock.unlock();
        }
    }

    private void disconnect() {
        var old = connection;
        if (old != null) {
            connection = null;
            unanswered = 0;
            changed.signalAll();
            poller.cancel(old);
            old.close();
        }
    }

    /** Failure to send means that docker-proxy is gone; whoever reads its answers notices, and the next one is told all. */
    private void tell(String line, List<Fd> descriptors) {
        var to = connection;
        if (to == null) {
            return;
        }
        try {
            send(to, line, descriptors);
            unanswered++;
        } catch (LinuxException e) {
            disconnect();
        }
    }

    private void send(Fd to, String line, List<Fd> descriptors) throws LinuxException {
        linux.sockets().send(to, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), descriptors);
    }

    private String receive(Fd from) throws IOException {
        return receive(from, PATIENCE);
    }

    private String receive(Fd from, Duration patience) throws IOException {
        var buffer = ByteBuffer.allocate(ControlServer.LONGEST_ANSWER);
        while (true) {
            try {
                int length = linux.sockets().receive(from, buffer, 0).bytes();
                if (length == 0) {
                    throw new IOException("docker-proxy ended");
                }
                return new String(buffer.array(), 0, length, StandardCharsets.UTF_8);
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
            }
            try {
                if (poller.await(from, EventCalls.IN, patience) == 0) {
                    throw new IOException("no answer from docker-proxy");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
