package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.runc.cgroups.CgroupLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Containers under a private root; whatever a test leaves is killed and removed. */
final class RuntimeFixture implements AutoCloseable {
    final Linux linux = Linux.system();
    final List<String> warnings = new ArrayList<>();
    final Containers containers;
    private final Path directory;
    /** The containers' groups are below one of our own, so that nothing of another test is met. */
    private final String cgroupParent =
            "/drydock-test-" + ProcessHandle.current().pid() + '-' + System.nanoTime();

    private int bundles;

    RuntimeFixture(Path directory) {
        this(directory, Containers.Config.of(directory.resolve("state")));
    }

    RuntimeFixture(Path directory, Containers.Config config) {
        this.directory = directory;
        this.containers = Containers.open(config.withWarnings(warnings::add));
    }

    TestBundle bundle(String... args) throws IOException {
        return new TestBundle(Files.createDirectories(directory.resolve("bundle-" + bundles++)), args);
    }

    /** Writes the bundle and describes the container. */
    CreateRequest request(String id, TestBundle bundle, Stdio stdio) throws IOException {
        bundle.linux.putIfAbsent("cgroupsPath", cgroupParent + '/' + id);
        bundle.write();
        return new CreateRequest(id, bundle.path, List.of(), stdio, List.of(), CreateRequest.Options.DEFAULT);
    }

    /** What a container printed on both streams, and its exit code. */
    record Outcome(String output, int code) {}

    /** Creates, starts, waits and deletes. */
    Outcome run(String id, TestBundle bundle) throws Exception {
        Pipe pipe = linux.pipes().pipe(0);
        try (Fd read = pipe.read()) {
            Container container;
            try (Fd write = pipe.write()) {
                container =
                        containers.create(request(id, bundle, new Stdio.Descriptors(null, write, write, List.of())));
                container.start();
            }
            String output = readAll(read);
            Exit exit = container.init().exit().get(60, TimeUnit.SECONDS);
            container.delete(false);
            return new Outcome(output, exit.status().shellCode());
        }
    }

    /** Runs a shell script in a fresh container and answers what it printed, without white space at its end. */
    String shell(TestBundle bundle, String script) throws Exception {
        bundle.process.put("args", List.of("sh", "-c", script));
        Outcome outcome = run("shell-" + bundles, bundle);
        return outcome.output().stripTrailing();
    }

    /** A container that sleeps until it is killed. */
    Container sleeper(String id) throws Exception {
        TestBundle bundle = bundle("sleep", "1000");
        Container container =
                containers.create(request(id, bundle, new Stdio.Descriptors(null, null, null, List.of())));
        container.start();
        return container;
    }

    Outcome exec(Container container, String... args) throws Exception {
        Pipe pipe = linux.pipes().pipe(0);
        try (Fd read = pipe.read()) {
            ContainerProcess process;
            try (Fd write = pipe.write()) {
                process = container.exec(execRequest(new Stdio.Descriptors(null, write, write, List.of()), args));
            }
            String output = readAll(read);
            int code = process.exit().get(60, TimeUnit.SECONDS).status().shellCode();
            process.release();
            return new Outcome(output, code);
        }
    }

    static ExecRequest execRequest(Stdio stdio, String... args) {
        boolean terminal = stdio instanceof Stdio.Terminal;
        byte[] process = TestBundle.json(Map.of(
                "args",
                List.of(args),
                "cwd",
                "/",
                "env",
                List.of("PATH=/bin"),
                "terminal",
                terminal,
                "user",
                Map.of("uid", 0, "gid", 0),
                "capabilities",
                Map.of("bounding", TestBundle.CAPABILITIES)));
        return new ExecRequest(process, stdio, List.of(), false);
    }

    /** To the end of the stream; for a terminal that is when its other side has hung up. */
    String readAll(Fd fd) throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        try {
            while (linux.files().read(fd, buffer.clear()) > 0) {
                text.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
            }
        } catch (io.drydock.linux.LinuxException e) {
            if (e.errno() != io.drydock.linux.Errno.EIO) {
                throw e;
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws Exception {
        for (String id : containers.list()) {
            containers.load(id).delete(true);
        }
        containers.close();
        CgroupLayout layout = CgroupLayout.read();
        List<Path> roots = new ArrayList<>(layout.hierarchies().stream()
                .map(CgroupLayout.Hierarchy::mountPoint)
                .toList());
        layout.unified().ifPresent(roots::add);
        for (Path root : roots) {
            Files.deleteIfExists(root.resolve(cgroupParent.substring(1)));
        }
    }
}
