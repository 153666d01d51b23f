package io.drydock.e2e;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What an engine has on the machine at a moment: records of its containerd, mounts, processes. */
final class EngineStage {
    private final Engine engine;

    EngineStage(Engine engine) {
        this.engine = engine;
    }

    /** The same at two looks in a row. */
    List<String> settled() {
        List<List<String>> looks = new ArrayList<>(List.of(List.of()));
        return Await.value(
                "everything rests",
                Duration.ofSeconds(60),
                () -> {
                    looks.add(now());
                    return looks.getLast();
                },
                look -> look.equals(looks.get(looks.size() - 2)));
    }

    /** A line for each thing; equal lists mean that nothing was left and nothing lost. */
    List<String> now() throws IOException {
        List<String> all = new ArrayList<>();
        for (String kind : List.of("containers", "tasks", "images", "content", "leases")) {
            ctr(kind, "ls", "-q").lines().sorted().forEach(line -> all.add(kind + " " + line));
        }
        ctr("snapshots", "ls").lines().skip(1).sorted().forEach(line -> all.add("snapshot " + line));
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            mounts.map(line -> line.split(" ")[1])
                    .filter(point -> point.startsWith(engine.directory + "/"))
                    .map(EngineStage::mountPoint)
                    .sorted()
                    .forEach(point -> all.add("mount " + point));
        }
        processes().map(EngineStage::name).sorted().forEach(name -> all.add("process " + name));
        // one that was killed is started again when it is needed
        all.remove("process drydock-zygote");
        return all;
    }

    /** Namespaces are made ahead, and which one is the next is nobody's business. */
    private static String mountPoint(String path) {
        return path.replaceFirst("/netns/[^/]+$", "/netns/ID");
    }

    private String ctr(String... words) {
        return Command.of(
                        Programs.original("ctr").toString(),
                        "-a",
                        engine.directory
                                .resolve("exec/containerd/containerd.sock")
                                .toString(),
                        "-n",
                        "moby")
                .with(words)
                .run()
                .ok()
                .out();
    }

    /** Those of the engine's network namespace, where its containers' processes are not; without clients of it. */
    private Stream<ProcessHandle> processes() throws IOException {
        var network = Files.readSymbolicLink(
                Path.of("/proc", Long.toString(engine.process().pid()), "ns/net"));
        return ProcessHandle.allProcesses().filter(handle -> {
            try {
                var own = Path.of("/proc", Long.toString(handle.pid()));
                return Files.readSymbolicLink(own.resolve("ns/net")).equals(network);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static String name(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(handle.pid()), "comm"))
                    .strip();
        } catch (IOException e) {
            return "ended";
        }
    }

    /** The program of this engine that has stopped itself. */
    Optional<ProcessHandle> stopped() throws IOException {
        return processes().filter(EngineStage::isStopped).findFirst();
    }

    private static boolean isStopped(ProcessHandle handle) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills one, and lets the one that has stopped go on unless it was that. */
    void kill(Victim victim, ProcessHandle stopped) throws IOException {
        var dying =
                switch (victim) {
                    case CONTAINERD -> running("containerd.server.Main");
                    case SHIM -> running("containerd.shim.Main");
                    case ZYGOTE -> newest("drydock-zygote");
                    case KEEPER -> newest("drydock-keeper");
                };
        dying.destroyForcibly();
        if (dying.pid() != stopped.pid()) {
            Command.of("kill", "-CONT", Long.toString(stopped.pid())).run().ok();
        } else {
            dying.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    private ProcessHandle running(String main) throws IOException {
        return processes()
                .filter(handle -> ProcessTree.commandLine(handle.pid()).contains(main))
                .findFirst()
                .orElseThrow();
    }

    private ProcessHandle newest(String name) throws IOException {
        return processes()
                .filter(handle -> name(handle).equals(name))
                .max(Comparator.comparing(handle -> handle.info().startInstant().orElseThrow()))
                .orElseThrow();
    }
}
