package io.drydock.containerd.shim;

import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.ContainerState;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.CreateRequest;
import io.drydock.runc.runtime.ExecRequest;
import io.drydock.runc.runtime.Exit;
import io.drydock.runc.runtime.PreparedExec;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.runc.runtime.Status;
import io.drydock.runc.runtime.Stdio;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A runtime without kernel: containers are objects, and a test says when their processes end. */
final class FakeRuntime implements Containers {
    static final Instant ENDED = Instant.ofEpochSecond(1_000_000, 5);

    final Map<String, FakeContainer> containers = new ConcurrentHashMap<>();
    final List<String> discarded = new ArrayList<>();
    volatile String failure = "";

    FakeContainer container(String id) {
        return Objects.requireNonNull(containers.get(id));
    }

    @Override
    public Container create(CreateRequest request) throws RuntimeFailure {
        if (!failure.isEmpty()) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, failure);
        }
        FakeContainer container = new FakeContainer(request.id(), request.stdio());
        containers.put(request.id(), container);
        return container;
    }

    @Override
    public Container restore(CreateRequest request, io.drydock.runc.runtime.CriuOptions options) {
        throw new UnsupportedOperationException("a fake has nothing saved");
    }

    @Override
    public Container load(String id) throws RuntimeFailure {
        FakeContainer container = containers.get(id);
        if (container == null) {
            throw new RuntimeFailure(RuntimeFailure.Kind.NOT_FOUND, "container does not exist");
        }
        return container;
    }

    @Override
    public void discard(String id) {
        discarded.add(id);
    }

    @Override
    public List<String> list() {
        return containers.keySet().stream().sorted().toList();
    }

    @Override
    public void close() {}

    /** A process that runs until {@link #end}. */
    static final class FakeProcess implements ContainerProcess {
        final Stdio stdio;
        private final int number;
        private final CompletableFuture<Exit> exit = new CompletableFuture<>();
        volatile int signal;

        FakeProcess(int number, Stdio stdio) {
            this.number = number;
            this.stdio = stdio;
        }

        void end(int code) {
            exit.complete(new Exit(new ExitStatus(code, 0), ENDED));
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public int pid() {
            return 100 + number;
        }

        @Override
        public Fd pidfd() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Exit> exit() {
            return exit;
        }

        @Override
        public void signal(int signal) {
            this.signal = signal;
        }

        @Override
        public Fd terminal() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Fd held(int n) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }

    /** A container of such processes. */
    final class FakeContainer implements Container {
        final FakeProcess init;
        final List<FakeProcess> execs = new ArrayList<>();
        final List<Integer> survivors = new ArrayList<>();
        private final String id;
        volatile long oomKills;
        private boolean started;
        private boolean paused;

        FakeContainer(String id, Stdio stdio) {
            this.id = id;
            this.init = new FakeProcess(0, stdio);
        }

        @Override
        public long oomKills() {
            return oomKills;
        }

        @Override
        public void checkpoint(io.drydock.runc.runtime.CriuOptions options) {
            throw new UnsupportedOperationException("a fake has no memory to save");
        }

        @Override
        public Optional<io.drydock.runc.cgroups.ResctrlGroup> shares() {
            return Optional.empty();
        }

        @Override
        public io.drydock.runc.cgroups.Cgroup cgroup() {
            throw new UnsupportedOperationException("a fake has no control groups");
        }

        @Override
        public io.drydock.spec.oci.runtime.Spec spec() {
            throw new UnsupportedOperationException("nobody asks a fake for its spec");
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public ContainerState state() {
            Status status = init.exit().isDone()
                    ? Status.STOPPED
                    : paused ? Status.PAUSED : started ? Status.RUNNING : Status.CREATED;
            return new ContainerState(
                    "1.0.2", id, init.pid(), status, Path.of("/b"), Path.of("/b/rootfs"), ENDED, Map.of(), 0);
        }

        @Override
        public ContainerProcess init() {
            return init;
        }

        @Override
        public void start() {
            started = true;
        }

        @Override
        public ContainerProcess exec(ExecRequest request) throws RuntimeFailure {
            if (!failure.isEmpty()) {
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, failure);
            }
            FakeProcess process = new FakeProcess(execs.size() + 1, request.stdio());
            execs.add(process);
            return process;
        }

        @Override
        public Optional<PreparedExec> prepare(byte[] process) {
            return Optional.empty();
        }

        @Override
        public Optional<ContainerProcess> process(int number) {
            return Optional.of(number == 0 ? init : execs.get(number - 1));
        }

        @Override
        public void kill(int signal) throws RuntimeFailure {
            if (init.exit().isDone()) {
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED_PRECONDITION, "container not running");
            }
            init.signal(signal);
        }

        @Override
        public void killAll(int signal) {
            survivors.clear();
            execs.forEach(exec -> exec.end(128 + signal));
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void update(byte[] resources) {}

        @Override
        public List<Integer> pids() {
            return List.copyOf(survivors);
        }

        @Override
        public void delete(boolean force) {
            containers.remove(id);
        }

        @Override
        public void close() {}
    }
}
