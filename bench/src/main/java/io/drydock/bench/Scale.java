package io.drydock.bench;

import io.drydock.containerd.client.Container;
import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Stdio;
import io.drydock.containerd.client.TaskProcess;
import io.drydock.containerd.client.Tasks;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Many idle containers on our containerd alone (the original would need a shim of 10 MB for each): how fast they start and
 * whether the last ones start as fast as the first, their list, their memory, and when all are found after a {@code kill -9}.
 */
final class Scale {
    private static final int EACH_ROUND = 50;
    private static final int MOST = 1000;
    private static final int AT_ONCE = 8;
    private static final int LISTS = 20;

    private final Containerd containerd;
    private final int containers;
    private final byte[] spec;

    private Scale(Containerd containerd, int containers, Path rootfs) {
        this.containers = containers;
        this.containerd = containerd;
        this.spec = """
                {"ociVersion":"1.0.2","root":{"path":"%s","readonly":true},
                 "process":{"args":["/bin/sleep","100000"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0}},
                 "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
                 "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"ipc"},{"type":"uts"},{"type":"network"}]}}
                """.formatted(rootfs).getBytes(StandardCharsets.UTF_8);
    }

    /** @param rounds fifty containers each, a thousand at most */
    static void run(Path program, Path ctr, int rounds) throws IOException {
        try (var containerd = new Containerd(program, ctr)) {
            var scale =
                    new Scale(containerd, Math.min(MOST, EACH_ROUND * rounds), Containerds.root(containerd.directory));
            try {
                scale.measure();
            } finally {
                scale.end();
            }
        }
    }

    private void measure() throws IOException {
        double[] rates = new double[containers / EACH_ROUND];
        for (int i = 0; i < rates.length; i++) {
            int from = i * EACH_ROUND;
            rates[i] = EACH_ROUND / seconds(() -> eachOf(from, EACH_ROUND, this::start));
        }
        System.out.println(containers + " containers on one containerd and one shim:");
        print(
                "starts a second: the second fifty, and the last",
                0,
                rates[Math.min(1, rates.length - 1)],
                rates[rates.length - 1]);
        try (var client = containerd.client()) {
            double[] times = new double[LISTS];
            for (int i = 0; i < LISTS; i++) {
                times[i] = 1000 * seconds(() -> client.tasks().list());
            }
            var lists = new Series(times);
            print("list of all tasks, median and 90 % (aim 20 ms)", 1, lists.median(), lists.quantile(0.9));
            long outside = client.tasks().list().stream()
                    .map(TaskProcess::pid)
                    .mapToLong(pid -> ProcessHandle.of(pid)
                            .flatMap(ProcessHandle::parent)
                            .map(parent -> Memory.privateKilobytes(parent.pid()))
                            .orElse(0L))
                    .sum();
            double daemons = containerd.daemons().stream()
                    .mapToLong(h -> Memory.proportionalKilobytes(h.pid()))
                    .sum();
            print(
                    "private MB beside each (aim 0.15); MB (PSS) of containerd, shim and all",
                    2,
                    outside / 1024.0 / containers,
                    daemons / 1024);
        }
        double back = seconds(() -> {
            containerd.killAndStartAgain();
            found();
        });
        print("seconds from kill -9 of containerd until all are listed (aim 3)", 2, back, Double.NaN);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static double seconds(Work work) throws IOException {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void print(String what, int digits, double one, double other) {
        System.out.printf(Locale.ROOT, "%-75s %10." + digits + "f %10." + digits + "f%n", what, one, other);
    }

    /** Waits until a containerd that answers knows all of them. */
    private void found() {
        Await.until("all are found", () -> {
            try (var client = containerd.client()) {
                return client.tasks().list().size() == containers;
            } catch (ContainerdException e) {
                return false;
            }
        });
    }

    private interface One {
        void on(ContainerdClient client, String id);
    }

    private void eachOf(int from, int count, One one) {
        try (var client = containerd.client();
                var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var all = IntStream.range(from, from + count)
                    .mapToObj(i -> threads.submit(() -> one.on(client, "scale-" + i)))
                    .toList();
            for (var each : all) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void start(ContainerdClient client, String id) {
        client.containers().create(new Container(id, Map.of(), "", "io.containerd.runc.v2", null, spec, "", ""));
        client.tasks().create(id, List.of(), Stdio.NONE, null);
        client.tasks().start(id, Tasks.INIT);
    }

    private void end() {
        eachOf(0, containers, (client, id) -> {
            try {
                client.tasks().kill(id, Tasks.INIT, 9, true);
                client.tasks().await(id, Tasks.INIT);
                client.tasks().delete(id);
            } catch (ContainerdException e) {
                // it was never started
            }
        });
    }
}
