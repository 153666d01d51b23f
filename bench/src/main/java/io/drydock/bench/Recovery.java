package io.drydock.bench;

import io.drydock.testkit.Await;
import java.io.IOException;
import java.util.Locale;

/** How long our programs are away when they are killed: from {@code kill -9} until a container answers an exec again. */
final class Recovery {
    private static final String CONTAINER = "survivor";

    private final Engine engine;
    private final int rounds;

    Recovery(Engine engine, int rounds) {
        this.engine = engine;
        this.rounds = rounds;
    }

    void measure() throws IOException {
        engine.docker("run", "-d", "--name", CONTAINER, "-p", "127.0.0.1:8080:80", "box", "sleep", "100000")
                .run()
                .ok();
        for (var program : new String[] {"docker.proxy.Main", "containerd.shim.Main", "containerd.server.Main"}) {
            var times = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                times[i] = killed(program);
            }
            print(program, times);
        }
        var times = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long begin = System.nanoTime();
            engine.killAndStart();
            works();
            times[i] = since(begin);
        }
        print("docker.dockerd.Main, started again", times);
        engine.docker("rm", "-f", CONTAINER).run().ok();
    }

    private double killed(String program) {
        var victim = engine.program(program);
        long begin = System.nanoTime();
        victim.destroyForcibly();
        Await.until(program + " is back", () -> engine.program(program).pid() != victim.pid());
        works();
        return since(begin);
    }

    private void works() {
        Await.until(
                "exec works",
                () -> engine.docker("exec", CONTAINER, "true").run().exitCode() == 0);
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void print(String program, double[] times) {
        System.out.printf(Locale.ROOT, "%-58s %20s%n", "killed and back: " + program, new Series(times));
    }
}
