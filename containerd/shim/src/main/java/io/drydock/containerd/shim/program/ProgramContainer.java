package io.drydock.containerd.shim.program;

import io.drydock.linux.Fd;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.ContainerState;
import io.drydock.runc.runtime.CriuOptions;
import io.drydock.runc.runtime.ExecRequest;
import io.drydock.runc.runtime.PreparedExec;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.runc.runtime.Status;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Spec;
import io.drydock.spec.oci.runtime.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container of a runtime's program: every operation is a call of it, but those that the kernel answers as well. */
public final class ProgramContainer implements Container {
    private static final int LONGEST_STATE = 1 << 20;

    private final RuntimeProgram program;
    private final ProgramFiles files;
    private final String id;
    private final ProgramProcess init;
    private @Nullable Cgroup cgroup;

    ProgramContainer(RuntimeProgram program, ProgramFiles files, String id, ProgramProcess init) throws RuntimeFailure {
        this.program = program;
        this.files = files;
        this.id = id;
        this.init = init;
        cgroup();
    }

    /** Work on files, whose failure is one of the runtime. */
    private interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    private static <T> T failing(Step<T> step) throws RuntimeFailure {
        try {
            return step.run();
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "interrupted", e);
        }
    }

    private void call(String verb, String... words) throws RuntimeFailure {
        List<String> command = new ArrayList<>(List.of(verb));
        command.addAll(Arrays.asList(words));
        program.run(files.log(verb), command);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ContainerState state() throws RuntimeFailure {
        State state = failing(() -> {
            try (Fd printed = program.linux().files().memfdCreate("state")) {
                program.run(files.log("state"), List.of("state", id), Map.of(1, printed));
                ByteBuffer bytes = ByteBuffer.allocateDirect(LONGEST_STATE);
                int length = program.linux().files().pread(printed, bytes, 0);
                byte[] json = new byte[length];
                bytes.flip().get(json);
                return OciJson.read(State.class, json);
            }
        });
        Status status = Arrays.stream(Status.values())
                .filter(known -> known.word().equals(state.status()))
                .findFirst()
                .orElse(Status.STOPPED);
        return new ContainerState(
                state.ociVersion(),
                id,
                state.pid() == null ? 0 : state.pid(),
                status,
                files.bundle(),
                files.rootfs(),
                Instant.EPOCH,
                state.annotations(),
                0);
    }

    @Override
    public ContainerProcess init() {
        return init;
    }

    @Override
    public void checkpoint(CriuOptions options) throws RuntimeFailure {
        List<String> words = new ArrayList<>(CriuFlags.of(options));
        words.add(id);
        call("checkpoint", words.toArray(String[]::new));
    }

    /** Read while the init lives: afterwards nobody could tell. */
    @Override
    public synchronized Cgroup cgroup() {
        Cgroup known = cgroup;
        if (known == null) {
            try {
                known = ProgramCgroup.of(init.pid());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            cgroup = known;
        }
        return known;
    }

    @Override
    public Optional<ResctrlGroup> shares() {
        return Optional.empty();
    }

    @Override
    public long oomKills() throws RuntimeFailure {
        return failing(() -> cgroup().oomKills());
    }

    @Override
    public Spec spec() {
        try {
            return OciJson.read(Spec.class, Files.readAllBytes(files.bundle().resolve("config.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void start() throws RuntimeFailure {
        call("start", id);
    }

    @Override
    public ContainerProcess exec(ExecRequest request) throws RuntimeFailure {
        return failing(() -> {
            int number = files.freeNumber();
            Path process = files.bundle().resolve("exec-" + number);
            Files.write(process, request.process());
            try {
                List<String> words = List.of(
                        "exec",
                        "--process",
                        process.toString(),
                        "--detach",
                        "--pid-file",
                        files.pidFile(number).toString());
                return ProgramContainers.start(files, number, id, words, request.stdio());
            } finally {
                Files.deleteIfExists(process);
            }
        });
    }

    @Override
    public Optional<PreparedExec> prepare(byte[] process) {
        return Optional.empty();
    }

    @Override
    public Optional<ContainerProcess> process(int number) throws RuntimeFailure {
        return failing(() -> files.find(number).map(process -> process));
    }

    @Override
    public void kill(int signal) throws RuntimeFailure {
        call("kill", id, Integer.toString(signal));
    }

    @Override
    public void killAll(int signal) throws RuntimeFailure {
        call("kill", "--all", id, Integer.toString(signal));
    }

    @Override
    public void pause() throws RuntimeFailure {
        call("pause", id);
    }

    @Override
    public void resume() throws RuntimeFailure {
        call("resume", id);
    }

    @Override
    public void update(byte[] resources) throws RuntimeFailure {
        failing(() -> {
            try (Fd json = program.linux().files().memfdCreate("resources")) {
                program.linux().files().writeFully(json, ByteBuffer.wrap(resources));
                program.linux().files().lseek(json, 0, 0);
                program.run(files.log("update"), List.of("update", "--resources", "-", id), Map.of(0, json));
            }
            return id;
        });
    }

    @Override
    public List<Integer> pids() throws RuntimeFailure {
        return failing(() -> cgroup().pids());
    }

    @Override
    public void delete(boolean force) throws RuntimeFailure {
        try {
            if (force) {
                call("delete", "--force", id);
            } else {
                call("delete", id);
            }
        } catch (RuntimeFailure e) {
            if (e.kind() != RuntimeFailure.Kind.NOT_FOUND) {
                throw e;
            }
        }
        failing(() -> {
            files.clean();
            return id;
        });
        init.release();
    }

    @Override
    public void close() {
        // The init's descriptors go when the container is deleted: nothing else is open.
    }
}
