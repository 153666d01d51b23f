package io.drydock.bench;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Measures our engine and Debian's side by side: each round takes a turn on both, so that whatever else the machine does
 * falls on both. Prints medians with the 10th and 90th percentile, and the ratio of the medians.
 */
public final class Main {
    private final Engine ours;
    private final Engine original;
    private final Path ourClient;
    private final Path originalClient;
    private final int rounds;

    private Main(Engine ours, Engine original, Path ourClient, Path originalClient, int rounds) {
        this.ours = ours;
        this.original = original;
        this.ourClient = ourClient;
        this.originalClient = originalClient;
        this.rounds = rounds;
    }

    /**
     * Arguments: the number of rounds, 20 if not given; {@code network}, {@code proxy}, {@code runtime}, {@code registry} or
     * {@code containerd} to measure that only.
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        var only = arguments.length < 2 ? "" : arguments[1];
        if (!List.of("", "network", "proxy", "runtime", "registry", "containerd")
                .contains(only)) {
            throw new IllegalArgumentException("what is to be measured? " + only);
        }
        var bin = Path.of(System.getProperty("drydock.home"), "bin");
        var client = find("docker");
        System.out.printf(
                "%-58s %20s %20s %7s%n",
                "milliseconds unless said: median (10 %–90 %)", "Drydock", "original", "ratio");
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
        if (!only.isEmpty()) {
            return;
        }
        try (var ours = new Engine("Drydock", bin.resolve("dockerd"), client);
                var original = new Engine("original", find("dockerd"), client)) {
            new Main(ours, original, bin.resolve("docker"), client, rounds).measure();
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
        for (var engine : List.of(ours, original)) {
            Image.load(engine);
        }
        once("the very first container, host network", e -> e.docker("run", "--rm", "--net", "host", "box", "true"));
        compare(
                "run → exit, host network, containers 2 to " + (rounds + 1),
                e -> e.docker("run", "--rm", "--net", "host", "box", "true"));
        compare("run → exit, bridge network", e -> e.docker("run", "--rm", "box", "true"));
        compare("run → exit, host network, later", e -> e.docker("run", "--rm", "--net", "host", "box", "true"));
        for (var engine : List.of(ours, original)) {
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
        new Recovery(ours, 3).measure();
    }

    private void pull() throws IOException {
        try (var image = new Pull(find("docker-registry"), original, ours.network, original.network)) {
            var mine = new double[5];
            var theirs = new double[5];
            for (int i = 0; i < mine.length; i++) {
                mine[i] = time(Pull.of(ours));
                Pull.forget(ours);
                theirs[i] = time(Pull.of(original));
                Pull.forget(original);
            }
            print("pull of an image with 10 layers of 200 files, 32 MB", new Series(mine), new Series(theirs));
        }
    }

    /** The engine's time for the list that `ps -a` asks for, with so many containers. */
    private void list(int count) {
        for (var engine : List.of(ours, original)) {
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
        for (var engine : List.of(ours, original)) {
            Command.of(
                            "sh",
                            "-c",
                            originalClient + " -H " + engine.host() + " rm $(seq -f l%g " + count + ") >/dev/null")
                    .within(Duration.ofMinutes(10))
                    .run()
                    .ok();
        }
    }

    private void once(String what, Function<Engine, Command> command) {
        print(what, new Series(new double[] {time(command.apply(ours))}), new Series(new double[] {
            time(command.apply(original))
        }));
    }

    private void compare(String what, Function<Engine, Command> command) {
        var mine = new double[rounds];
        var theirs = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            mine[i] = time(command.apply(ours));
            theirs[i] = time(command.apply(original));
        }
        print(what, new Series(mine), new Series(theirs));
    }

    private void parallel(int count) {
        var shell = "for i in $(seq " + count + "); do %s -H %s run --rm box true & done; wait";
        var mine = new double[3];
        var theirs = new double[3];
        for (int i = 0; i < mine.length; i++) {
            mine[i] = time(Command.of("sh", "-c", String.format(shell, originalClient, ours.host())));
            theirs[i] = time(Command.of("sh", "-c", String.format(shell, originalClient, original.host())));
        }
        print(count + " containers at once, bridge network", new Series(mine), new Series(theirs));
    }

    /** Both clients on the same engine, ours. */
    private void clients() {
        for (var words : new String[][] {{"ps"}, {"version"}, {"run", "--rm", "--net", "host", "box", "true"}}) {
            var mine = new double[rounds];
            var theirs = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                mine[i] = time(ours.docker(ourClient, words));
                theirs[i] = time(ours.docker(originalClient, words));
            }
            print("client: docker " + words[0] + ", both on our engine", new Series(mine), new Series(theirs));
        }
    }

    private void logs() {
        var command = "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n 400000";
        Function<Engine, Command> run =
                e -> e.docker("run", "--rm", "-d", "--name", "talker", "box", "sh", "-c", command);
        var mine = new double[3];
        var theirs = new double[3];
        for (int i = 0; i < mine.length; i++) {
            mine[i] = talk(ours, run);
            theirs[i] = talk(original, run);
        }
        print("400,000 lines of 71 bytes to the json-file log", new Series(mine), new Series(theirs));
    }

    private static double talk(Engine engine, Function<Engine, Command> run) {
        long begin = System.nanoTime();
        run.apply(engine).run().ok();
        engine.docker("wait", "talker").run();
        return (System.nanoTime() - begin) / 1e6;
    }

    private void memory(int count) {
        var perContainer = new double[2];
        var daemons = new double[2];
        int i = 0;
        for (var engine : List.of(ours, original)) {
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
        System.out.printf(
                Locale.ROOT,
                "%-58s %20.2f %20.2f %7.2f%n",
                "private MB beside each idle container",
                perContainer[0] / 1024,
                perContainer[1] / 1024,
                perContainer[0] / perContainer[1]);
        System.out.printf(
                Locale.ROOT,
                "%-58s %20.0f %20.0f %7.2f%n",
                "MB (PSS) of all daemons, one container",
                daemons[0] / 1024,
                daemons[1] / 1024,
                daemons[0] / daemons[1]);
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
        return engine.daemons(List.of()).stream()
                .mapToLong(h -> Memory.proportionalKilobytes(h.pid()))
                .sum();
    }

    private static double time(Command command) {
        var quick = command.within(Duration.ofMinutes(5));
        long begin = System.nanoTime();
        quick.run().ok();
        return (System.nanoTime() - begin) / 1e6;
    }

    static void print(String what, Series mine, Series theirs) {
        System.out.printf(Locale.ROOT, "%-58s %20s %20s %7.2f%n", what, mine, theirs, mine.median() / theirs.median());
    }
}
