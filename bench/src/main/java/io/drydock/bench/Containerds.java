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

    private static Path root(Path directory) throws IOException {
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
            var original = sides.original();
            for (var shape : LayeredImage.shapes()) {
                var name = "127.0.0.1:5000/" + shape[0] + ":latest";
                var archive = LayeredImage.write(
                        registries.directory.resolve(shape[0]),
                        name,
                        shape[1],
                        Integer.parseInt(shape[2]),
                        Integer.parseInt(shape[3]),
                        Integer.parseInt(shape[4]));
                original.ctr("images", "import", archive.toString()).run().ok();
                original.ctr("images", "push", "--plain-http", name).run().ok();
                forget(original, name);
                pull(shape[0], name);
            }
        }
    }

    private void pull(String what, String name) throws IOException {
        sides.compare(
                "pull and unpack by ctr, " + what,
                side -> Sides.run(side.ctr("images", "pull", "--plain-http", name)),
                side -> forget(side, name));
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
