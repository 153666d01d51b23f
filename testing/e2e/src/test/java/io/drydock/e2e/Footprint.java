package io.drydock.e2e;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an engine holds at a moment.
 *
 * @param descriptors open files of dockerd and containerd
 * @param threads of both
 * @param processes dockerd, containerd, proxies and shims
 * @param mounts that dockerd sees, below its directory
 * @param files below its directories for running containers and for containers' data
 * @param heap kilobytes of both that live after a full collection
 */
record Footprint(int descriptors, int threads, int processes, long mounts, long files, long heap) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    static Footprint of(Engine engine) {
        var daemon = engine.process();
        // not dockerd's child any more once dockerd has been killed
        var containerd = ProcessTree.mentioning(engine.directory.toString()).stream()
                .filter(handle -> ProcessTree.commandLine(handle.pid()).contains("containerd.server.Main"))
                .findFirst()
                .orElseThrow();
        int descriptors = 0;
        int threads = 0;
        long heap = 0;
        for (long pid : List.of(daemon.pid(), containerd.pid())) {
            descriptors += count(Path.of("/proc", pid + "", "fd"));
            threads += count(Path.of("/proc", pid + "", "task"));
            heap += heap(pid);
        }
        return new Footprint(
                descriptors,
                threads,
                processes(engine),
                mounts(engine, daemon.pid()),
                files(engine.directory.resolve("exec"))
                        + files(engine.directory.resolve("data").resolve("containers")),
                heap);
    }

    /** Looks until two looks see the same number of descriptors: clients that left are noticed a little later. */
    static Footprint settled(Engine engine) {
        var last = of(engine);
        for (int i = 0; i < 10; i++) {
            var now = of(engine);
            if (now.descriptors == last.descriptors) {
                return now;
            }
            last = now;
        }
        return last;
    }

    /** The programs that were started with the engine's directory in their command line. */
    static int processes(Engine engine) {
        return ProcessTree.mentioning(engine.directory.toString()).size();
    }

    private static int count(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long mounts(Engine engine, long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", pid + "", "mountinfo"))) {
            return lines.filter(line -> line.contains(engine.directory.toString()))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long files(Path directory) {
        return Command.of("find", directory.toString()).run().out().lines().count();
    }

    private static long heap(long pid) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Command.of(jcmd, pid + "", "GC.run").run().ok();
        var matcher = USED.matcher(
                Command.of(jcmd, pid + "", "GC.heap_info").run().ok().out());
        long used = 0;
        while (matcher.find()) {
            used += Long.parseLong(matcher.group(1));
        }
        return used;
    }

    /** Whether nothing of this is more than that was, but for what may come and go with load. */
    boolean fitsInto(Footprint before, long moreHeap) {
        return descriptors <= before.descriptors + 6
                && threads <= before.threads + 12
                && processes <= before.processes
                && mounts <= before.mounts
                && files <= before.files
                && heap <= before.heap + moreHeap;
    }
}
