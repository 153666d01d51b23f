package io.drydock.bench;

import io.avaje.jsonb.Jsonb;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.CreateRequest;
import io.drydock.runc.runtime.ExecRequest;
import io.drydock.runc.runtime.Stdio;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The runtime: as the library that the shim uses, warm as a shim is, and as the program beside the original's. */
final class Runtimes implements AutoCloseable {
    private static final int WARM = 100;
    private static final Stdio SILENT = new Stdio.Descriptors(null, null, null, List.of());

    private final Path directory;
    private final RuntimeBundle bundle;
    private final Containers containers;
    private final int rounds;
    private int number;

    Runtimes(Path keeper, int rounds) throws IOException {
        System.setProperty("drydock.keeper", keeper.toString());
        this.directory = Files.createTempDirectory("drydock-bench");
        this.bundle = RuntimeBundle.make(Files.createDirectory(directory.resolve("bundle")));
        this.containers = Containers.open(Containers.Config.of(directory.resolve("state")));
        this.rounds = rounds;
    }

    /** Something whose time is told in milliseconds. */
    private interface Step {
        double run() throws Exception;
    }

    void measure(Path ours, Path original) throws Exception {
        for (int i = 0; i < WARM; i++) {
            start();
        }
        print("library: create + start, default profile", 12, 30, this::start);
        bundle.write("idle", "sleep", "100000");
        try (Container idle = containers.create(request("idle"))) {
            idle.start();
            for (int i = 0; i < WARM; i++) {
                exec(idle);
                update(idle);
                timed(idle::pause);
                timed(idle::resume);
            }
            print("library: exec", 5, 0, () -> exec(idle));
            print("library: kill", 1, 0, () -> timed(() -> idle.kill(18)));
            print("library: update", 1, 0, () -> update(idle));
            print("library: pause", 1, 0, () -> {
                double time = timed(idle::pause);
                idle.resume();
                return time;
            });
            idle.delete(true);
        }
        program(ours, original);
    }

    private void print(String what, int median, int late, Step step) throws Exception {
        var times = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            times[i] = step.run();
        }
        var series = new Series(times);
        System.out.printf(
                Locale.ROOT,
                "%-58s %s%n",
                what,
                String.format(
                        Locale.ROOT,
                        "median %.2f (aim %d), p99 %.2f%s",
                        series.median(),
                        median,
                        series.quantile(0.99),
                        late == 0 ? "" : " (aim " + late + ")"));
    }

    private CreateRequest request(String id) {
        return new CreateRequest(id, bundle.directory(), List.of(), SILENT, List.of(), CreateRequest.Options.DEFAULT);
    }

    private double start() throws Exception {
        var id = "b" + number++;
        bundle.write(id, "true");
        long begin = System.nanoTime();
        var container = containers.create(request(id));
        container.start();
        double time = since(begin);
        int code = container.init().exit().get().status().shellCode();
        container.delete(false);
        if (code != 0) {
            throw new IOException("true ended with " + code);
        }
        return time;
    }

    private double exec(Container container) throws Exception {
        var process = Jsonb.instance().type(Object.class).toJson(RuntimeBundle.process("true"));
        var request = new ExecRequest(process.getBytes(StandardCharsets.UTF_8), SILENT, List.of(), false);
        long begin = System.nanoTime();
        var started = container.exec(request);
        double time = since(begin);
        started.exit().get();
        started.release();
        return time;
    }

    private double update(Container container) throws Exception {
        var pids = 100 + number++ % 100;
        var limits = ("{\"pids\":{\"limit\":" + pids + "}}").getBytes(StandardCharsets.UTF_8);
        return timed(() -> container.update(limits));
    }

    private interface Action {
        void run() throws Exception;
    }

    private static double timed(Action action) throws Exception {
        long begin = System.nanoTime();
        action.run();
        return since(begin);
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private void program(Path ours, Path original) throws IOException {
        var mine = new double[rounds];
        var theirs = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            mine[i] = run(ours, "ours");
            theirs[i] = run(original, "original");
        }
        Table.times("runc run true", new Series(mine), new Series(theirs));
    }

    private double run(Path program, String name) throws IOException {
        bundle.write(name, "true");
        var state = directory.resolve("state-" + name).toString();
        long begin = System.nanoTime();
        Command.of(
                        program.toString(),
                        "--root",
                        state,
                        "run",
                        "--bundle",
                        bundle.directory().toString(),
                        name + number++)
                .run()
                .ok();
        return since(begin);
    }

    @Override
    public void close() {
        containers.close();
        Command.of("rm", "-rf", directory.toString()).run();
        Command.of("sh", "-c", "rmdir /sys/fs/cgroup/drydock-bench /sys/fs/cgroup/*/drydock-bench 2>/dev/null; true")
                .run();
    }
}
