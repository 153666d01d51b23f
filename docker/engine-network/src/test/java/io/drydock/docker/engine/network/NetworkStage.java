package io.drydock.docker.engine.network;

import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.linux.CloneFlags;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A host of its own for one test: a network namespace in which an engine's networks live, a second one that is a neighbour
 * of the host (10.99.0.1 ↔ 10.99.0.2), and directories. Everything is gone after it.
 */
final class NetworkStage implements AutoCloseable {
    static final String HOST = "10.99.0.1";
    static final String OUTSIDE = "10.99.0.2";
    private static final int PATIENCE_MILLIS = 30_000;

    final NetNamespace host = NetNamespace.create("dd-host");
    final NetNamespace outside = NetNamespace.create("dd-out");
    final Path directory;
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final MemoryStore store = new MemoryStore();
    private final List<Echo> servers = new ArrayList<>();

    NetworkStage() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "dd-net");
        host.command("ip", "link", "add", "out0", "type", "veth", "peer", "name", "eth0", "netns", outside.name())
                .run()
                .ok();
        host.command("ip", "addr", "add", HOST + "/24", "dev", "out0").run().ok();
        host.command("ip", "link", "set", "out0", "up").run().ok();
        outside.command("ip", "addr", "add", OUTSIDE + "/24", "dev", "eth0")
                .run()
                .ok();
        outside.command("ip", "link", "set", "eth0", "up").run().ok();
    }

    /** Gives the host and its neighbour IPv6 addresses, fd99::1 ↔ fd99::2. */
    void addIpv6() {
        host.command("ip", "addr", "add", "fd99::1/64", "dev", "out0", "nodad")
                .run()
                .ok();
        outside.command("ip", "addr", "add", "fd99::2/64", "dev", "eth0", "nodad")
                .run()
                .ok();
    }

    NetworkConfig config() throws IOException {
        return NetworkConfig.of(directory.resolve("root"), directory.resolve("exec"), proxyProgram());
    }

    /** Opens the networks on this host. */
    NetworkController open(NetworkConfig config) throws Exception {
        return onHost(() -> NetworkController.open(
                config,
                plugins(),
                store,
                (action, network, container) -> events.add(action + " " + network.name() + " " + container)));
    }

    /** Plugins have their sockets in the stage's directory {@code plugins}. */
    Plugins plugins() {
        return new Plugins(directory.resolve("plugins"), List.of(), Duration.ZERO);
    }

    /** A program that is this build's docker-proxy. */
    Path proxyProgram() throws IOException {
        var script = directory.resolve("docker-proxy");
        if (!Files.exists(script)) {
            Files.writeString(
                    script, """
                    #!/bin/sh
                    exec '%s/bin/java' -Ddrydock.test=proxy --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
                    -cp '%s' io.drydock.docker.proxy.Main "$@"
                    """.formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return script;
    }

    /** Does something as a program of the host would. */
    <T> T onHost(Callable<T> work) throws Exception {
        return in(host.path(), work);
    }

    /** Does something on a thread inside of a network namespace. */
    static <T> T in(Path namespace, Callable<T> work) throws Exception {
        var task = new FutureTask<>(() -> {
            try (var fd = Linux.system().files().open(namespace.toString(), O.RDONLY)) {
                Linux.system().mounts().setns(fd, CloneFlags.NEWNET);
            }
            return work.call();
        });
        Thread.ofPlatform().daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Serves connections in a namespace: each gets the server's name and the caller's address, and then what it sends. */
    void serve(Path namespace, int port, String name) throws Exception {
        servers.add(in(namespace, () -> new Echo(port, name)));
    }

    /** What a server says to a caller in that namespace. */
    static String call(Path namespace, String address, int port) throws Exception {
        return in(namespace, () -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write("!".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            }
        });
    }

    static SandboxRequest request(String name, PortRequest... ports) {
        return new SandboxRequest(
                "id-of-" + name, name, List.of(EndpointRequest.of("bridge", name)), List.of(ports), List.of());
    }

    /** A container in these networks, found by its name. */
    static SandboxRequest in(String name, List<String> networks, PortRequest... ports) {
        var endpoints = networks.stream()
                .map(network -> EndpointRequest.of(network, name))
                .toList();
        return new SandboxRequest("id-of-" + name, name, endpoints, List.of(ports), List.of());
    }

    /** Whether a caller in that namespace gets an answer from there; a firewall that drops lets it wait a while. */
    static boolean reaches(Path namespace, String address, int port) {
        return Command.of(
                                "nsenter",
                                "--net=" + namespace,
                                "timeout",
                                "1",
                                "bash",
                                "-c",
                                "exec 3<>/dev/tcp/" + address + "/" + port)
                        .run()
                        .exitCode()
                == 0;
    }

    /** What a database would keep. */
    static final class MemoryStore implements NetworkStore {
        private final Map<String, Network> networks = new ConcurrentHashMap<>();

        @Override
        public List<Network> networks() {
            return List.copyOf(networks.values());
        }

        @Override
        public void put(Network network) {
            networks.put(network.id(), network);
        }

        @Override
        public void removeNetwork(String id) {
            networks.remove(id);
        }
    }

    String rules() {
        return host.command("nft", "list", "ruleset").run().ok().out();
    }

    private static final class Echo implements AutoCloseable {
        private final ServerSocket socket;
        private final String name;

        private Echo(int port, String name) throws IOException {
            this.socket = new ServerSocket(port);
            this.name = name;
            Thread.ofPlatform().daemon().start(this::run);
        }

        private void run() {
            while (!socket.isClosed()) {
                try (var caller = socket.accept()) {
                    var out = caller.getOutputStream();
                    var from = ((InetSocketAddress) caller.getRemoteSocketAddress())
                            .getAddress()
                            .getHostAddress();
                    out.write((name + " " + from + " ").getBytes(StandardCharsets.US_ASCII));
                    caller.getInputStream().transferTo(out);
                } catch (IOException e) {
                    // the caller went away, or the test is over
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (var server : servers) {
            server.close();
        }
        // what a failed test left mounted, so that the namespaces go
        var pins = directory.resolve("exec/netns");
        if (Files.exists(pins)) {
            try (var files = Files.list(pins)) {
                files.forEach(file -> {
                    try {
                        new NamespaceFactory(Linux.system()).remove(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("-Ddrydock.test=proxy"))
                .filter(process -> isOf(process.pid()))
                .forEach(ProcessHandle::destroyForcibly);
        host.close();
        outside.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** Whether a process lives in this stage's host. */
    boolean isOf(long pid) {
        try {
            return Files.isSameFile(Path.of("/proc", Long.toString(pid), "ns/net"), host.path());
        } catch (IOException e) {
            return false;
        }
    }
}
