package io.drydock.containerd.shim.program;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.CreateRequest;
import io.drydock.runc.runtime.CriuOptions;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.runc.runtime.Stdio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The container of one bundle, made by a runtime's program. What the program prints and the processes it leaves behind come
 * to this shim, which adopts orphans for that.
 */
public final class ProgramContainers implements Containers {
    private final RuntimeProgram program;
    private final Poller poller;
    private final ProgramFiles files;

    /**
     * @param name the program's path, or its name in {@code $PATH}
     * @param root where the program keeps its states
     * @param systemd whether systemd makes the control groups
     * @param bundle absolute
     */
    public ProgramContainers(Linux linux, Poller poller, String name, Path root, boolean systemd, Path bundle) {
        this.program = new RuntimeProgram(linux, poller, name, root, systemd);
        this.poller = poller;
        this.files = new ProgramFiles(program, poller, bundle);
    }

    @Override
    public Container create(CreateRequest request) throws RuntimeFailure {
        return make(request, List.of("create"));
    }

    @Override
    public Container restore(CreateRequest request, CriuOptions options) throws RuntimeFailure {
        List<String> words = new ArrayList<>(List.of("restore", "--detach"));
        words.addAll(CriuFlags.of(options));
        return make(request, words);
    }

    private Container make(CreateRequest request, List<String> verb) throws RuntimeFailure {
        boolean mounted = false;
        try {
            // what the program leaves behind is our child, and so tells us how it ends
            program.linux().processes().setChildSubreaper();
            RootfsMounts.mount(program.linux(), files.rootfs(), request.rootfsMounts());
            mounted = true;
            List<String> words = new ArrayList<>(verb);
            words.addAll(List.of(
                    "--bundle",
                    request.bundle().toString(),
                    "--pid-file",
                    files.pidFile(0).toString()));
            if (request.options().noPivot()) {
                words.add("--no-pivot");
            }
            if (request.options().noNewKeyring() && verb.getFirst().equals("create")) {
                words.add("--no-new-keyring");
            }
            ProgramProcess init = start(files, 0, request.id(), words, request.stdio());
            return new ProgramContainer(program, files, request.id(), init);
        } catch (IOException e) {
            if (mounted) {
                cleanUp();
            }
            throw e instanceof RuntimeFailure failure
                    ? failure
                    : new RuntimeFailure(RuntimeFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "interrupted", e);
        }
    }

    private void cleanUp() {
        try {
            files.clean();
        } catch (LinuxException e) {
            // What failed before is what the caller has to know.
        }
    }

    /** Has the program start a process, and takes it over. */
    static ProgramProcess start(ProgramFiles files, int number, String id, List<String> words, Stdio stdio)
            throws IOException, InterruptedException {
        RuntimeProgram program = files.program();
        List<String> command = new ArrayList<>(words);
        Path log = files.log(words.getFirst());
        return switch (stdio) {
            case Stdio.Descriptors descriptors -> {
                command.add(id);
                program.run(log, command, streams(descriptors));
                yield files.started(number, duplicates(program.linux(), descriptors.held()), null);
            }
            case Stdio.Terminal terminal -> {
                try (ConsoleSocket console = ConsoleSocket.listen(program.linux())) {
                    command.addAll(List.of("--console-socket", console.path().toString(), id));
                    program.run(log, command);
                    yield files.started(number, List.of(), console.master(files.poller(), terminal.size()));
                }
            }
        };
    }

    private static Map<Integer, Fd> streams(Stdio.Descriptors descriptors) {
        Map<Integer, Fd> streams = new HashMap<>();
        put(streams, 0, descriptors.stdin());
        put(streams, 1, descriptors.stdout());
        put(streams, 2, descriptors.stderr());
        return streams;
    }

    private static void put(Map<Integer, Fd> streams, int number, @Nullable Fd fd) {
        if (fd != null) {
            streams.put(number, fd);
        }
    }

    private static List<Fd> duplicates(Linux linux, List<Fd> held) throws LinuxException {
        List<Fd> duplicates = new ArrayList<>();
        for (Fd fd : held) {
            duplicates.add(linux.pipes().duplicate(fd));
        }
        return duplicates;
    }

    @Override
    public Container load(String id) throws RuntimeFailure {
        try {
            ProgramProcess init = files.find(0)
                    .orElseThrow(() -> new RuntimeFailure(RuntimeFailure.Kind.NOT_FOUND, "container does not exist"));
            return new ProgramContainer(program, files, id, init);
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "load container: " + e.getMessage(), e);
        }
    }

    @Override
    public void discard(String id) throws RuntimeFailure {
        try {
            program.run(files.log("delete"), List.of("delete", "--force", id));
        } catch (RuntimeFailure e) {
            if (e.kind() != RuntimeFailure.Kind.NOT_FOUND) {
                throw e;
            }
        } finally {
            cleanUp();
        }
    }

    @Override
    public List<String> list() {
        throw new UnsupportedOperationException("there is one container");
    }

    @Override
    public void close() {
        // Nothing is open between two calls.
    }
}
