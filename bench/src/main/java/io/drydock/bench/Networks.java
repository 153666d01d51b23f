package io.drydock.bench;

import io.drydock.docker.engine.network.EndpointRequest;
import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkConfig;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.docker.engine.network.NetworkStore;
import io.drydock.docker.engine.network.PortRequest;
import io.drydock.docker.engine.network.SandboxRequest;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The engine's networks alone, in this process: what a container's start and end wait for, and what a thousand published ports
 * cost. Must be alone in its network namespace.
 */
final class Networks {
    private static final int PORTS = 1000;
    private final NetworkController controller;
    private final int rounds;

    private Networks(NetworkController controller, int rounds) {
        this.controller = controller;
        this.rounds = rounds;
    }

    /** Runs this in a namespace of its own. */
    static void run(Path home, int rounds) {
        try (var namespace = NetNamespace.create("bench")) {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var result = namespace
                    .command(
                            java,
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Networks.class.getName(),
                            home.resolve("bin/docker-proxy").toString(),
                            Integer.toString(rounds))
                    .within(Duration.ofMinutes(10))
                    .run()
                    .ok();
            System.out.print(result.out());
        }
    }

    /** Arguments: the docker-proxy, the number of containers. */
    public static void main(String[] arguments) throws IOException, NetworkException {
        var directory = Files.createTempDirectory(Path.of("/tmp"), "db-");
        var config = NetworkConfig.of(directory.resolve("root"), directory.resolve("exec"), Path.of(arguments[0]));
        var plugins = new Plugins(directory.resolve("plugins"), List.of(), Duration.ZERO);
        try (var controller = NetworkController.open(config, plugins, new Forgetful(), (action, network, id) -> {})) {
            var networks = new Networks(controller, Integer.parseInt(arguments[1]));
            networks.turns("network of a container: set-up", "tear-down", 0);
            networks.turns("the same with a published port: set-up", "tear-down", 1);
            networks.range(directory);
            networks.full();
        } finally {
            Command.of("rm", "-rf", directory.toString()).run();
        }
    }

    private void turns(String up, String down, int ports) throws NetworkException {
        var attach = new double[rounds];
        var detach = new double[rounds];
        for (int i = -rounds / 2; i < rounds; i++) { // half as many first, for the JIT compiler
            long begin = System.nanoTime();
            controller.attach(request(ports));
            long attached = System.nanoTime();
            controller.detach("id");
            if (i >= 0) {
                attach[i] = (attached - begin) / 1e6;
                detach[i] = (System.nanoTime() - attached) / 1e6;
            }
        }
        print(up, new Series(attach));
        print("… " + down, new Series(detach));
    }

    private static SandboxRequest request(int ports) throws NetworkException {
        var requests = new ArrayList<PortRequest>();
        for (int i = 0; i < ports; i++) {
            requests.add(PortRequest.parse(Integer.toString(20_000 + i), "", Integer.toString(20_000 + i)));
        }
        return new SandboxRequest("id", "box", List.of(EndpointRequest.of("bridge", "box")), requests, List.of());
    }

    private void range(Path directory) throws NetworkException {
        var attach = new double[5];
        var detach = new double[5];
        double memory = 0;
        for (int i = 0; i < attach.length; i++) {
            long begin = System.nanoTime();
            controller.attach(request(PORTS));
            attach[i] = (System.nanoTime() - begin) / 1e6;
            memory = Math.max(memory, proxy(directory));
            begin = System.nanoTime();
            controller.detach("id");
            detach[i] = (System.nanoTime() - begin) / 1e6;
        }
        print(PORTS + " published ports: set-up", new Series(attach));
        print("… tear-down", new Series(detach));
        System.out.printf(Locale.ROOT, "%-58s %20.0f%n", "… MB (PSS) of docker-proxy", memory / 1024);
    }

    /** As many containers as the default bridge takes. */
    private void full() throws NetworkException {
        int count = 0;
        var refusal = "";
        long begin = System.nanoTime();
        while (refusal.isEmpty()) {
            try {
                controller.attach(new SandboxRequest(
                        "id" + count,
                        "box" + count,
                        List.of(EndpointRequest.of("bridge", "box" + count)),
                        List.of(),
                        List.of()));
                count++;
            } catch (NetworkException e) {
                refusal = String.valueOf(e.getMessage());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-58s %20.0f%n",
                count + " containers on one bridge, ms",
                (System.nanoTime() - begin) / 1e6);
        System.out.println("… one more: " + refusal);
        for (int i = 0; i < count; i++) {
            controller.detach("id" + i);
        }
    }

    private static double proxy(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(h -> Memory.commandLine(h.pid()).contains(directory + "/exec/docker-proxy.sock"))
                .mapToLong(h -> Memory.proportionalKilobytes(h.pid()))
                .sum();
    }

    private static void print(String what, Series times) {
        System.out.printf(
                Locale.ROOT,
                "%-58s %20s%n",
                what,
                String.format(
                        Locale.ROOT, "%.1f (%.1f–%.1f)", times.median(), times.quantile(0.1), times.quantile(0.9)));
    }

    /** Networks of one run only. */
    private static final class Forgetful implements NetworkStore {
        @Override
        public List<Network> networks() {
            return List.of();
        }

        @Override
        public void put(Network network) {}

        @Override
        public void removeNetwork(String id) {}
    }
}
