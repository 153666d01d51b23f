package io.drydock.bench;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Measures our containerd and Debian's side by side with the original's {@code ctr} for both: pull and unpack, start of a
 * task, exec, many at once, the list of many tasks, memory.
 */
final class Containerds {
    private static final int MANY = 32;
    private static final int PULLS = 5;

    private final Sides<Containerd> sides;
    private final Path rootfs;

    private Containerds(Sides<Containerd> sides, Path rootfs) {
        this.sides = sides;
        this.rootfs = rootfs;
    }

    /** Prints how they compare. */
    static void run(Path program, Path originalProgram, int rounds) throws IOException {
        var ctr = Main.find("ctr");
        try (var ours = new Containerd(program, ctr);
                var original = new Containerd(originalProgram, ctr)) {
            new Containerds(new Sides<>(ours, original, rounds), root(ours.directory)).measure();
        }
    }

    static Path root(Path directory) throws IOException {
        var root = Files.createDirectories(directory.resolve("rootfs/bin")).getParent();
        Command.of("cp", "/bin/busybox", root.resolve("bin").toString()).run().ok();
        for (var applet : List.of("true", "sleep", "sh")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        return root;
    }

    private void measure() throws IOException {
        pulls();
        compare("run → exit", c -> c.ctr("run", "--rm", "--rootfs", rootfs.toString(), "r", "/bin/true"));
        for (var side : sides.both()) {
            side.ctr("run", "-d", "--rootfs", rootfs.toString(), "idle", "/bin/sleep", "100000")
                    .run()
                    .ok();
        }
        compare("exec → exit", c -> c.ctr("tasks", "exec", "--exec-id", "e", "idle", "/bin/true"));
        compare(
                MANY + " runs at once",
                c -> shell("for i in $(seq " + MANY + "); do " + c.ctr() + " run --rm --rootfs " + rootfs
                        + " p$i /bin/true & done; wait"));
        many();
    }

    private static Command shell(String script) {
        return Command.of("sh", "-c", script);
    }

    private void pulls() throws IOException {
        try (var registries =
                new RegistryServers(Main.find("docker-registry"), sides.ours().network, sides.original().network)) {
            var some = sides.in(Math.min(sides.rounds(), PULLS));
            for (var shape : LayeredImage.shapes()) {
                for (int round = 0; round < some.rounds(); round++) {
                    push(registries.directory, shape, round);
                }
                pull(some, shape[0]);
            }
        }
    }

    private static String name(String shape, int round) {
        return "127.0.0.1:5000/" + shape + ":" + round;
    }

    /** Has the registry hold an image that differs from those of other rounds. */
    private void push(Path directory, String[] shape, int round) throws IOException {
        var name = name(shape[0], round);
        var archive = LayeredImage.write(
                directory.resolve(shape[0] + round),
                name,
                shape[1],
                Integer.parseInt(shape[2]),
                Integer.parseInt(shape[3]),
                Integer.parseInt(shape[4]),
                round);
        var original = sides.original();
        original.ctr("images", "import", "--no-unpack", archive.toString())
                .run()
                .ok();
        original.ctr("images", "push", "--plain-http", name).run().ok();
        forget(original, name);
        Command.of(
                        "rm",
                        "-rf",
                        archive.toString(),
                        directory.resolve(shape[0] + round).toString())
                .run()
                .ok();
    }

    /** Another image in each round, then one again and again: files that others have just been removed for are dearer to make. */
    private void pull(Sides<Containerd> some, String shape) throws IOException {
        some.compareRounds(
                "pull and unpack by ctr, " + shape,
                round -> side -> Sides.run(side.ctr("images", "pull", "--plain-http", name(shape, round))),
                side -> {});
        for (var side : some.both()) {
            for (int round = 0; round < some.rounds(); round++) {
                forget(side, name(shape, round));
            }
        }
        some.compare(
                "the same after its removal",
                side -> Sides.run(side.ctr("images", "pull", "--plain-http", name(shape, 0))),
                side -> forget(side, name(shape, 0)));
    }

    private static void forget(Containerd side, String name) {
        side.ctr("images", "rm", "--sync", name).run().ok();
    }

    /** So many idle tasks: their list, and their memory. */
    private void many() throws IOException {
        for (var side : sides.both()) {
            shell("for i in $(seq 2 " + MANY + "); do " + side.ctr() + " run -d --rootfs " + rootfs
                            + " m$i /bin/sleep 100000; done")
                    .within(Duration.ofMinutes(5))
                    .run()
                    .ok();
        }
        compare("list of " + MANY + " tasks", c -> c.ctr("tasks", "ls"));
        var each = new double[2];
        var all = new double[2];
        int i = 0;
        for (var side : sides.both()) {
            var pids = side.ctr("tasks", "ls").run().ok().text().lines().skip(1);
            long outside = pids.mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
                    .map(pid -> ProcessHandle.of(pid)
                            .flatMap(ProcessHandle::parent)
                            .map(parent -> Memory.privateKilobytes(parent.pid()))
                            .orElse(0L))
                    .sum();
            each[i] = outside / (double) MANY / 1024;
            all[i] = side.daemons().stream()
                            .mapToLong(h -> Memory.proportionalKilobytes(h.pid()))
                            .sum()
                    / 1024.0;
            i++;
        }
        Table.numbers("private MB beside each of " + MANY + " idle tasks", 2, each[0], each[1]);
        Table.numbers("MB (PSS) of containerd and all shims, with them", 0, all[0], all[1]);
    }

    private void compare(String what, Function<Containerd, Command> command) throws IOException {
        sides.compare(what, side -> Sides.run(command.apply(side)));
    }
}
