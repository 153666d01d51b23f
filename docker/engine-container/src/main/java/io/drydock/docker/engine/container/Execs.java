package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Probes;
import io.drydock.docker.engine.container.spec.RootfsView;
import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.volume.Ids;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.ExecCreateRequest;
import io.drydock.spec.engine.ExecInspect;
import io.drydock.spec.engine.ProcessConfig;
import io.drydock.spec.oci.runtime.Box;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Extra processes in containers. */
final class Execs {
    private static final Logger LOG = LoggerFactory.getLogger(Execs.class);
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final int NOT_EXECUTABLE = 126;
    private static final long RESIZE_PATIENCE_SECONDS = 10;

    private final Linux linux;
    private final ContainerdClient containerd;
    private final Streams streams;
    private final SpecFactory specs;
    private final Networking networking;
    private final Attaching attaching;
    private final EventSink events;
    private final Map<String, Exec> byId = new ConcurrentHashMap<>();

    Execs(
            Linux linux,
            ContainerdClient containerd,
            Streams streams,
            SpecFactory specs,
            Networking networking,
            Attaching attaching,
            EventSink events) {
        this.linux = linux;
        this.containerd = containerd;
        this.streams = streams;
        this.specs = specs;
        this.networking = networking;
        this.attaching = attaching;
        this.events = events;
    }

    String create(Container container, ExecCreateRequest request) {
        requireRunning(container);
        if (request.cmd().isEmpty()) {
            throw EngineException.invalid("No exec command specified");
        }
        DetachKeys.parse(request.detachKeys());
        networking.linkVariables(container.definition()); // those that it is linked to must run
        forgetOld();
        var exec = new Exec(Ids.random(), container, request);
        byId.put(exec.id, exec);
        container.execs.put(exec.id, exec);
        publish(exec, "exec_create: " + words(request));
        return exec.id;
    }

    private static void requireRunning(Container container) {
        switch (container.state().status()) {
            case PAUSED ->
                throw EngineException.conflict(
                                "Container " + container.id + " is paused, unpause the container before exec")
                        .olderWords("Container " + container.name() + " is paused, unpause the container before exec");
            case RESTARTING ->
                throw EngineException.conflict(
                        "Container " + container.id + " is restarting, wait until the container is running");
            case RUNNING -> {}
            case CREATED, REMOVING, EXITED, DEAD ->
                throw EngineException.conflict("container " + container.id + " is not running");
        }
    }

    /** The program and its arguments with a space between, also if there are none of the latter. */
    private static String words(ExecCreateRequest request) {
        var cmd = request.cmd();
        return cmd.getFirst() + " " + String.join(" ", cmd.subList(1, cmd.size()));
    }

    private void publish(Exec exec, String action) {
        events.publish("container", action, exec.container.id, exec.container.attributes("execID", exec.id));
    }

    Exec find(String id) {
        var exec = byId.get(id);
        if (exec == null) {
            throw EngineException.notFound("No such exec instance: " + id);
        }
        return exec;
    }

    ExecInspect inspect(String id) {
        var exec = find(id);
        var request = exec.request;
        Integer code = exec.state == Exec.State.ENDED ? exec.exit.getNow(null) : null;
        List<String> arguments = request.cmd().subList(1, request.cmd().size());
        return new ExecInspect(
                exec.id,
                exec.state == Exec.State.RUNNING,
                code,
                new ProcessConfig(
                        request.tty(),
                        request.cmd().getFirst(),
                        arguments,
                        request.privileged(),
                        request.user().isEmpty() ? null : request.user()),
                request.attachStdin(),
                request.attachStderr(),
                request.attachStdout(),
                false,
                exec.container.id,
                request.detachKeys(),
                exec.pid);
    }

    /** Refuses an exec that cannot be started, and takes the right to start it. */
    Exec claim(String id) {
        var exec = find(id);
        requireRunning(exec.container);
        if (!exec.claim()) {
            throw EngineException.conflict(
                    exec.state == Exec.State.ENDED
                            ? "Error: Exec command " + id + " has already run"
                            : "Error: Exec command " + id + " is already running");
        }
        return exec;
    }

    /** Starts it and lets it run. */
    void runDetached(Exec exec) {
        start(exec, null, null);
    }

    /** Starts it with a client at its streams; returns when it has ended or the client has left. */
    void run(Exec exec, @Nullable Box size, InputStream input, ClientSession.Output output)
            throws IOException, InterruptedException {
        var session = start(exec, size, output);
        var stdio = exec.stdio;
        if (session == null || stdio == null) {
            return;
        }
        var request = exec.request;
        if (request.attachStdin()) {
            byte[] keys = request.tty() ? DetachKeys.parse(request.detachKeys()) : new byte[0];
            session.copyInput(input, keys, () -> {
                if (!request.tty()) {
                    stdio.closeStdinWhenStarted();
                    attaching.closeStdin(exec.container.id, exec.id);
                }
            });
        } else {
            session.watchInput(input);
        }
        if (session.await()) {
            publish(exec, "exec_detach");
        }
    }

    /** A health probe of one run of a container. */
    record Probe(Container container, ExecCreateRequest request, byte[] process) {}

    /** Prepares a probe once for all the times it is run: whose files it runs on does not change meanwhile. */
    Probe prepare(Container container, List<String> command) {
        var request = new ExecCreateRequest("", false, false, null, false, true, true, "", List.of(), "", command);
        return new Probe(container, request, process(container, request, null));
    }

    /**
     * Runs a health probe to its end: by the shim at once if it is ours, else as an exec.
     *
     * @param output gets what it writes
     * @return its exit code; empty if it took longer than the timeout and was killed
     */
    OptionalInt probe(Probe probe, Duration timeout, ProbeOutput output) throws InterruptedException {
        var exec = find(create(probe.container(), probe.request()));
        exec.process = probe.process();
        exec.claim();
        publish(exec, "exec_start: " + words(exec.request));
        try {
            var probed = probed(exec, probe.process(), timeout);
            return probed.isPresent() ? ended(exec, probed.get(), output) : probeByExec(exec, timeout, output);
        } finally {
            byId.remove(exec.id);
        }
    }

    private Optional<Probes.Probed> probed(Exec exec, byte[] process, Duration timeout) throws InterruptedException {
        exec.state = Exec.State.RUNNING;
        try {
            var probed = containerd.probes().run(exec.container.id, exec.id, process, timeout, ProbeOutput.LIMIT);
            if (probed.isEmpty()) {
                exec.state = Exec.State.STARTING;
            }
            return probed;
        } catch (ContainerdException e) {
            if (Thread.interrupted()) {
                kill(exec);
                died(exec, Signals.KILL + 128);
                throw new InterruptedException();
            }
            throw failed(exec, startFailure(e));
        }
    }

    private OptionalInt ended(Exec exec, Probes.Probed probed, ProbeOutput output) {
        exec.pid = probed.pid();
        output.write(1, probed.output(), probed.output().length);
        died(exec, probed.exitStatus());
        return probed.timedOut() ? OptionalInt.empty() : OptionalInt.of(probed.exitStatus());
    }

    private void died(Exec exec, int code) {
        exec.exit.complete(code);
        exec.ended();
        exec.container.execs.remove(exec.id);
        publishDie(exec, code);
    }

    private OptionalInt probeByExec(Exec exec, Duration timeout, ProbeOutput output) throws InterruptedException {
        try {
            var session = launch(exec, null, output);
            var code = exec.exit.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (session != null) {
                session.await(ProcessStdio.GRACE);
            }
            return OptionalInt.of(code);
        } catch (TimeoutException e) {
            kill(exec);
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            kill(exec);
            throw e;
        } catch (ExecutionException e) {
            throw EngineException.system("wait for the probe of " + exec.container.id + ": " + e.getMessage(), e);
        }
    }

    /** No container is checked any more. */
    void endProbes() {
        containerd.probes().close();
    }

    private void kill(Exec exec) {
        try {
            containerd.tasks().kill(exec.container.id, exec.id, Signals.KILL, false);
        } catch (ContainerdException e) {
            LOG.debug("kill exec {}: {}", exec.id, e.getMessage());
        }
    }

    private @Nullable ClientSession start(Exec exec, @Nullable Box size, ClientSession.@Nullable Output output) {
        publish(exec, "exec_start: " + words(exec.request));
        return launch(exec, size, output);
    }

    private @Nullable ClientSession launch(Exec exec, @Nullable Box size, ClientSession.@Nullable Output output) {
        var request = exec.request;
        boolean attached = output != null;
        try {
            var stdio = streams.of(
                    exec.container,
                    exec.id,
                    new ProcessStdio.Wanted(
                            request.tty(),
                            attached && request.attachStdin(),
                            attached && request.attachStdout(),
                            attached && request.attachStderr()));
            exec.stdio = stdio;
            ClientSession session = output == null
                    ? null
                    : new ClientSession(stdio, output, request.attachStdout() || request.tty(), request.attachStderr());
            byte[] known = exec.process;
            byte[] process = known == null ? process(exec.container, request, size) : known;
            containerd.tasks().exec(exec.container.id, exec.id, process, stdio.paths());
            stdio.start();
            exec.pid = containerd.tasks().start(exec.container.id, exec.id);
            exec.state = Exec.State.RUNNING;
            exec.started.countDown();
            stdio.processStarted();
            Thread.ofVirtual().name("exec-" + exec.id).start(() -> awaitEnd(exec, stdio));
            return session;
        } catch (ContainerdException e) {
            throw failed(exec, startFailure(e));
        } catch (EngineException e) {
            throw failed(exec, e);
        } catch (IOException e) {
            throw failed(exec, EngineException.system(String.valueOf(e.getMessage()), e));
        }
    }

    private static EngineException startFailure(ContainerdException e) {
        String words = String.valueOf(e.getMessage());
        String message = e.kind() == ContainerdException.Kind.UNKNOWN && !words.endsWith(": unknown")
                ? words + ": unknown"
                : words;
        return StartFailure.exception(message, e);
    }

    /** The process as the runtime is told of it; finds the user in the container's files. */
    private byte[] process(Container container, ExecCreateRequest request, @Nullable Box size) {
        var told = container.rootfs;
        var mounts =
                told == null ? containerd.snapshots(ImageCatalog.SNAPSHOTTER).mounts(container.id) : told;
        return specs.exec(
                container.definition(),
                RootfsView.of(linux, mounts),
                new SpecFactory.ExecWish(
                        request.cmd(),
                        networking.linkVariables(container.definition()),
                        request.env(),
                        request.user(),
                        request.workingDir(),
                        request.tty(),
                        request.privileged(),
                        size));
    }

    private EngineException failed(Exec exec, EngineException cause) {
        // what the engine itself refuses is "not executable" to the original, whatever the words
        boolean runtime = cause.getCause() instanceof ContainerdException;
        exec.exit.complete(runtime ? StartFailure.exitCode(String.valueOf(cause.getMessage())) : NOT_EXECUTABLE);
        exec.ended();
        exec.started.countDown();
        exec.container.execs.remove(exec.id);
        deleteProcess(exec);
        var stdio = exec.stdio;
        if (stdio != null) {
            try {
                stdio.abandon();
            } catch (IOException e) {
                LOG.warn("remove the streams of exec {}: {}", exec.id, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return cause;
    }

    private void awaitEnd(Exec exec, ProcessStdio stdio) {
        int code = exec.exit.join();
        exec.ended();
        exec.container.execs.remove(exec.id);
        try {
            stdio.finish(ProcessStdio.GRACE);
        } catch (IOException e) {
            LOG.error("finish the output of exec {}: {}", exec.id, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deleteProcess(exec);
        publishDie(exec, code);
    }

    private void publishDie(Exec exec, int code) {
        var attributes = exec.container.attributes("execID", exec.id);
        attributes.put("exitCode", Integer.toString(code));
        events.publish("container", "exec_die", exec.container.id, attributes);
    }

    private void deleteProcess(Exec exec) {
        try {
            containerd.tasks().deleteExec(exec.container.id, exec.id);
        } catch (ContainerdException e) {
            LOG.debug("delete exec {}: {}", exec.id, e.getMessage());
        }
    }

    /** An exec has ended. */
    void ended(String id, int status) {
        var exec = byId.get(id);
        if (exec == null) {
            return;
        }
        exec.exit.complete(status);
    }

    /** Events may have been missed: asks how the execs of a container are. */
    void check(Container container) {
        for (Exec exec : container.execs.values()) {
            if (exec.state == Exec.State.RUNNING) {
                try {
                    var process = containerd.tasks().get(container.id, exec.id);
                    if (process.status() == io.drydock.containerd.client.TaskProcess.Status.STOPPED) {
                        exec.exit.complete(process.exitStatus());
                    }
                } catch (ContainerdException e) {
                    if (e.notFound()) {
                        exec.exit.complete(Signals.KILL + 128);
                    }
                }
            }
        }
    }

    /** The container has ended, and its execs with it. */
    void containerEnded(Container container) {
        for (Exec exec : container.execs.values()) {
            exec.exit.complete(Signals.KILL + 128);
        }
        byId.values().removeIf(exec -> exec.container == container && exec.state == Exec.State.CREATED);
    }

    void resize(String id, int height, int width) throws InterruptedException {
        var exec = find(id);
        if (!exec.started.await(RESIZE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw EngineException.conflict("timeout waiting for exec session ready");
        }
        if (exec.state != Exec.State.RUNNING || exec.container.state().status() != RunState.Status.RUNNING) {
            throw EngineException.conflict("exec process is not running");
        }
        try {
            containerd.tasks().resize(exec.container.id, id, width, height);
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("resize exec " + id, e);
        }
    }

    /** Those that have ended a while ago: a container may see any number of them. */
    private void forgetOld() {
        long now = System.nanoTime();
        byId.values().removeIf(exec -> exec.state == Exec.State.ENDED && now - exec.endedNanos > KEPT.toNanos());
    }

    /** Forgets what has ended long ago so that inspect can still tell how the last ones ended. */
    void forget(Container container) {
        byId.values().removeIf(exec -> exec.container == container);
    }
}
