package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * containerd, the shim, the zygote and a keeper are killed, each where it hurts: at the points docs/failpoints.md names. The
 * program that comes to a point stops there, the victim is killed, and afterwards all is as if the operation had been done or
 * had not been begun: what a stage counts is what it counted before. A container that has nothing to do with it goes on.
 *
 * <p>Every test run takes a point of each kind; {@code -Ddrydock.failpoint.rounds=N} takes all of them N times, with the death
 * of each of the four.
 */
@RequiresRoot
class FailpointsTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String LOOP = "while [ ! -e /end ]; do usleep 10000; done; exit ";

    /** Where somebody stops, who dies then, and what is being done. */
    private record Point(String name, Victim victim, Act act) {}

    private enum Act {
        PULL,
        RUN,
        EXEC,
        REMOVE
    }

    /** Points on the way of an act at which the container has no keeper, or none any more, and those at which it has. */
    private record Way(Act act, List<String> without, List<String> with) {
        Stream<Point> points() {
            Stream<Point> others = Stream.concat(without.stream(), with.stream())
                    .flatMap(name -> Stream.of(Victim.CONTAINERD, Victim.SHIM, Victim.ZYGOTE)
                            .map(victim -> new Point(name, victim, act)));
            return Stream.concat(others, with.stream().map(name -> new Point(name, Victim.KEEPER, act)));
        }
    }

    private static final List<Way> WAYS = List.of(
            new Way(
                    Act.PULL,
                    List.of(
                            "content.ingest",
                            "content.moved",
                            "content.published",
                            "snapshot.row",
                            "snapshot.made",
                            "unpack.applied",
                            "unpack.committed",
                            "pull.unpacked",
                            "pull.named"),
                    List.of()),
            new Way(
                    Act.RUN,
                    List.of(
                            "snapshot.row",
                            "snapshot.made",
                            "create.bundle",
                            "create.asked",
                            "shim.create.noted",
                            "runtime.create.groups"),
                    List.of(
                            "runtime.create.forked",
                            "runtime.create.ready",
                            "shim.create.made",
                            "shim.create.told",
                            "create.answered",
                            "start.asked",
                            "shim.start.made")),
            new Way(Act.EXEC, List.of(), List.of("shim.exec.noted", "shim.exec.made")),
            new Way(
                    Act.REMOVE,
                    List.of("shim.delete.made", "shim.delete.noted", "delete.answered", "snapshot.removed"),
                    List.of("shim.exit")));

    /** Those of every test run: one of each kind. */
    private static final List<Point> OFTEN = List.of(
            new Point("content.moved", Victim.CONTAINERD, Act.PULL),
            new Point("unpack.applied", Victim.CONTAINERD, Act.PULL),
            new Point("runtime.create.forked", Victim.ZYGOTE, Act.RUN),
            new Point("runtime.create.forked", Victim.KEEPER, Act.RUN),
            new Point("runtime.create.ready", Victim.SHIM, Act.RUN),
            new Point("shim.start.made", Victim.KEEPER, Act.RUN),
            new Point("shim.exec.made", Victim.SHIM, Act.EXEC),
            new Point("delete.answered", Victim.CONTAINERD, Act.REMOVE));

    private static Path points;
    private static NetNamespace network;
    private static Registry registry;
    private static Engine engine;
    private static Docker docker;
    private static EngineStage stage;
    private static String image;

    @BeforeAll
    static void start() throws IOException {
        points = Files.createTempDirectory(Path.of("/tmp"), "fp-");
        network = NetNamespace.create("fp");
        registry = Registry.ours(network, 5000);
        engine = Engine.startWith(network, "DRYDOCK_FAILPOINTS", points.toString());
        docker = engine.original();
        stage = new EngineStage(engine);
        image = registry.address() + "/box";
        docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
        docker.text("tag", "box", image);
        docker.text("push", image);
        docker.text("rmi", image);
        // another image for what is pulled, so that its layers are not there already
        docker.text("run", "--name", "more", "box", "sh", "-c", "echo more > /more");
        docker.text("commit", "more", image + ":more");
        docker.text("rm", "more");
        docker.text("push", image + ":more");
        docker.text("rmi", image + ":more");
        docker.text("run", "-d", "--name", "bystander", "box", "sh", "-c", LOOP + "7");
    }

    @AfterAll
    static void end() {
        if (engine != null) {
            engine.close();
        }
        if (registry != null) {
            registry.close();
        }
        Engine.deleteTree(points);
        network.close();
    }

    @Test
    void whoeverDiesNothingIsLeftAndNothingIsLost() throws Exception {
        int rounds = Integer.getInteger("drydock.failpoint.rounds", 0);
        String only = System.getProperty("drydock.failpoint.only", "");
        List<Point> chosen = rounds == 0
                ? OFTEN
                : WAYS.stream()
                        .flatMap(Way::points)
                        .filter(point -> point.name().startsWith(only))
                        .toList();
        assertThat(chosen).as("points whose names begin with " + only).isNotEmpty();
        String bystander = docker.text("inspect", "-f", "{{.State.Pid}}", "bystander");
        List<String> failures = new ArrayList<>();
        List<String> before = stage.settled();
        for (int round = 0; round < Math.max(1, rounds); round++) {
            for (Point point : chosen) {
                try {
                    killAt(point);
                    Await.value("all is as before", LONG, stage::now, before::equals);
                } catch (AssertionError e) {
                    // the others are worth knowing too
                    failures.add(point + ": before " + before + ": " + e.getMessage() + "\n" + engine.tailOfLog());
                    Files.deleteIfExists(points.resolve(point.name()));
                    docker.run("rm", "-f", "target");
                    before = stage.settled();
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(docker.text("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", "bystander"))
                .isEqualTo("running " + bystander);
        Files.createFile(Path.of("/proc", bystander, "root", "end"));
        assertThat(docker.text("wait", "bystander")).isEqualTo("7");
    }

    private static void killAt(Point point) throws Exception {
        if (point.act() == Act.EXEC || point.act() == Act.REMOVE) {
            runTarget();
        }
        Files.createFile(points.resolve(point.name()));
        Process act = start(point.act());
        ProcessHandle stopped = Await.value(
                        "somebody comes to " + point,
                        LONG,
                        () -> stage.stopped(),
                        found -> found.isPresent() || !act.isAlive())
                .orElseThrow(() -> new AssertionError("nobody came to " + point));
        stage.kill(point.victim(), stopped);
        if (!act.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it hangs after " + point);
        }
        Await.until(
                "the engine works after " + point,
                LONG,
                () -> docker.run("exec", "bystander", "true").exitCode() == 0);
        if (point.act() == Act.PULL) {
            docker.text("pull", image + ":more");
            docker.text("rmi", image + ":more");
        } else {
            endTarget(point);
        }
    }

    private static void runTarget() {
        docker.text("run", "-d", "--name", "target", "box", "sh", "-c", LOOP + "5");
    }

    private static Process start(Act act) throws IOException {
        List<String> words = new ArrayList<>(
                switch (act) {
                    case PULL -> List.of("pull", image + ":more");
                    case RUN -> List.of("run", "-d", "--name", "target", "box", "sh", "-c", LOOP + "5");
                    case EXEC -> List.of("exec", "target", "true");
                    case REMOVE -> List.of("rm", "-f", "target");
                });
        return docker.command(words.toArray(String[]::new))
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(engine.directory.resolve("act.log").toFile())
                .start();
    }

    /** A container that runs has an exit code that becomes known; and each can be removed. */
    private static void endTarget(Point point) throws IOException {
        var state = docker.run("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", "target");
        if (state.exitCode() == 0 && state.text().startsWith("running")) {
            Files.createFile(Path.of("/proc", state.text().split(" ")[1], "root", "end"));
            assertThat(docker.text("wait", "target")).as("after %s", point).isEqualTo("5");
        }
        if (state.exitCode() == 0) {
            Await.until(
                    "the container can be removed after " + point,
                    LONG,
                    () -> docker.run("rm", "-f", "target").exitCode() == 0);
        }
    }
}
