package io.drydock.bench;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Measures our engine and Debian's side by side: each round takes a turn on both, so that whatever else the machine does
 * falls on both. Prints medians with the 10th and 90th percentile, and the ratio of the medians.
 */
public final class Main {
    private final Sides<Engine> sides;
    private final Path ourClient;
    private final Path originalClient;

    private Main(Sides<Engine> sides, Path ourClient, Path originalClient) {
        this.sides = sides;
        this.ourClient = ourClient;
        this.originalClient = originalClient;
    }

    /**
     * Arguments: the number of rounds, 20 if not given; {@code network}, {@code proxy}, {@code runtime}, {@code registry},
     * {@code containerd} or {@code scale} to measure that only.
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        var only = arguments.length < 2 ? "" : arguments[1];
        if (!List.of("", "network", "proxy", "runtime", "registry", "containerd", "scale")
                .contains(only)) {
            throw new IllegalArgumentException("what is to be measured? " + only);
        }
        var bin = Path.of(System.getProperty("drydock.home"), "bin");
        var client = find("docker");
        Table.heading();
        if (only.isEmpty() || only.equals("runtime")) {
            try (var runtimes = new Runtimes(bin.resolveSibling("libexec").resolve("keeper"), rounds)) {
                runtimes.measure(bin.resolve("runc"), find("runc"));
            }
        }
        if (only.isEmpty() || only.equals("network")) {
            Networks.run(bin.getParent(), 10 * rounds);
        }
        if (only.isEmpty() || only.equals("proxy")) {
            Proxies.run(bin, find("docker-proxy"), Math.min(rounds, 5));
        }
        if (only.isEmpty() || only.equals("registry")) {
            Registries.run(bin.resolve("registry"), find("docker-registry"), Math.min(rounds, 5));
        }
        if (only.isEmpty() || only.equals("containerd")) {
            Containerds.run(bin.resolve("containerd"), find("containerd"), Math.min(rounds, 10));
        }
        if (only.isEmpty() || only.equals("scale")) {
            Scale.run(bin.resolve("containerd"), find("ctr"), rounds);
        }
        if (!only.isEmpty()) {
            return;
        }
        try (var ours = new Engine("Drydock", bin.resolve("dockerd"), client);
                var original = new Engine("original", find("dockerd"), client)) {
            new Main(new Sides<>(ours, original, rounds), bin.resolve("docker"), client).measure();
        }
    }

    static Path find(String name) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/usr/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not installed: " + name));
    }

    private void measure() throws IOException {
        for (var engine : sides.both()) {
            Image.load(engine);
        }
        sides.in(1)
                .compare(
                        "the very first container, host network",
                        e -> Sides.run(e.docker("run", "--rm", "--net", "host", "box", "true")));
        compare(
                "run → exit, host network, containers 2 to " + (sides.rounds() + 1),
                e -> e.docker("run", "--rm", "--net", "host", "box", "true"));
        compare("run → exit, bridge network", e -> e.docker("run", "--rm", "box", "true"));
        compare("run → exit, host network, later", e -> e.docker("run", "--rm", "--net", "host", "box", "true"));
        for (var engine : sides.both()) {
            engine.docker("run", "-d", "--name", "idle", "box", "sleep", "100000")
                    .run()
                    .ok();
        }
        compare("exec → exit", e -> e.docker("exec", "idle", "true"));
        parallel(32);
        pull();
        list(500);
        clients();
        logs();
        memory(20);
        new Recovery(sides.ours(), 3).measure();
    }

    private void pull() throws IOException {
        var networks = sides.both().stream().map(engine -> engine.network).toArray(NetNamespace[]::new);
        try (var image = new Pull(find("docker-registry"), sides.original(), networks)) {
            sides.in(5).compare("pull of an image with 10 layers of 200 files, 32 MB", image::pull, image::forget);
        }
    }

    /** The engine's time for the list that `ps -a` asks for, with so many containers. */
    private void list(int count) throws IOException {
        for (var engine : sides.both()) {
            Command.of(
                            "sh",
                            "-c",
                            "for i in $(seq " + count + "); do " + originalClient + " -H " + engine.host()
                                    + " create --name l$i box true; done")
                    .within(Duration.ofMinutes(10))
                    .run()
                    .ok();
        }
        compare(
                "GET /containers/json of " + count + " containers, 20 times",
                e -> Command.of(
                        "curl",
                        "-s",
                        "--unix-socket",
                        e.directory.resolve("d.sock").toString(),
                        "-o",
                        "/dev/null",
                        "http://d/v1.41/containers/json?all=1&n=[1-20]"));
        for (var engine : sides.both()) {
            Command.of(
                            "sh",
                            "-c",
                            originalClient + " -H " + engine.host() + " rm $(seq -f l%g " + count + ") >/dev/null")
                    .within(Duration.ofMinutes(10))
                    .run()
                    .ok();
        }
    }

    private void compare(String what, Function<Engine, Command> command) throws IOException {
        sides.compare(what, side -> Sides.run(command.apply(side)));
    }

    private void parallel(int count) throws IOException {
        var shell = "for i in $(seq " + count + "); do %s -H %s run --rm box true & done; wait";
        sides.in(3)
                .compare(
                        count + " containers at once, bridge network",
                        side -> Sides.run(Command.of("sh", "-c", String.format(shell, originalClient, side.host()))));
    }

    /** Both clients on the same engine, ours. */
    private void clients() throws IOException {
        var clients = new Sides<>(ourClient, originalClient, sides.rounds());
        for (var words : new String[][] {{"ps"}, {"version"}, {"run", "--rm", "--net", "host", "box", "true"}}) {
            clients.compare(
                    "client: docker " + words[0] + ", both on our engine",
                    client -> Sides.run(sides.ours().docker(client, words)));
        }
    }

    private void logs() throws IOException {
        var command = "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n 400000";
        sides.in(3).compare("400,000 lines of 71 bytes to the json-file log", side -> {
            Sides.run(side.docker("run", "--rm", "-d", "--name", "talker", "box", "sh", "-c", command));
            side.docker("wait", "talker").run();
        });
    }

    private void memory(int count) {
        var perContainer = new double[2];
        var daemons = new double[2];
        int i = 0;
        for (var engine : sides.both()) {
            double before = outside(engine);
            daemons[i] = before;
            var names = new ArrayList<String>();
            for (int n = 0; n < count; n++) {
                names.add("m" + n);
                engine.docker("run", "-d", "--name", "m" + n, "box", "sleep", "100000")
                        .run()
                        .ok();
            }
            perContainer[i] = (keepersAndShims(engine)) / (count + 1.0);
            engine.docker("rm", "-f").with(names.toArray(String[]::new)).run().ok();
            i++;
        }
        Table.numbers("private MB beside each idle container", 2, perContainer[0] / 1024, perContainer[1] / 1024);
        Table.numbers("MB (PSS) of all daemons, one container", 0, daemons[0] / 1024, daemons[1] / 1024);
    }

    /** Private kilobytes of the processes that exist once per container: keepers here, shims there. */
    private static double keepersAndShims(Engine engine) {
        double sum = 0;
        for (var line : engine.docker("ps", "-q").run().text().split("\n")) {
            long pid = Long.parseLong(
                    engine.docker("inspect", "-f", "{{.State.Pid}}", line).run().text());
            sum += ProcessHandle.of(pid)
                    .flatMap(ProcessHandle::parent)
                    .map(p -> Memory.privateKilobytes(p.pid()))
                    .orElse(0L);
        }
        return sum;
    }

    private static double outside(Engine engine) {
        return engine.daemons().stream()
                .mapToLong(h -> Memory.proportionalKilobytes(h.pid()))
                .sum();
    }
}
