package io.drydock.docker.engine.container;

import io.drydock.docker.engine.log.RotatedLogReader;
import io.drydock.spec.engine.ContainerStats;
import io.drydock.spec.engine.ContainerWaitResponse;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.ExecCreateRequest;
import io.drydock.spec.engine.ExecInspect;
import io.drydock.spec.engine.LogQuery;
import io.drydock.spec.oci.runtime.Box;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What lasts: attach, exec, logs, wait, stats. */
public final class ContainerStreams {
    private static final long STATS_MILLIS = 1000;

    private final ContainerTable table;
    private final Attaching attaching;
    private final Execs execs;
    private final SharedStats stats;

    ContainerStreams(ContainerTable table, Attaching attaching, Execs execs, SharedStats stats) {
        this.table = table;
        this.attaching = attaching;
        this.execs = execs;
        this.stats = stats;
    }

    /** Bytes to a client: stream 1 or 2. */
    @FunctionalInterface
    public interface Output {
        void write(int stream, byte[] bytes, int length) throws IOException;
    }

    /** A process whose streams a client may join. */
    public interface Joinable {
        boolean terminal();

        /** Joins; returns when the process has ended, or the client has left. */
        void join(InputStream input, Output output) throws IOException, InterruptedException;
    }

    private record Joined(boolean terminal, Joining joining) implements Joinable {
        private interface Joining {
            void join(InputStream input, Output output) throws IOException, InterruptedException;
        }

        @Override
        public void join(InputStream input, Output output) throws IOException, InterruptedException {
            joining.join(input, output);
        }
    }

    /** Prepares to join a container's streams. */
    public Joinable attach(
            String name,
            boolean logs,
            boolean stream,
            boolean stdin,
            boolean stdout,
            boolean stderr,
            String detachKeys) {
        var container = table.find(name);
        attaching.check(container);
        byte[] keys = DetachKeys.parse(detachKeys);
        boolean terminal = container.definition().config().tty();
        var wanted = new Attaching.Wanted(logs, stream, stdin, stdout, stderr || terminal);
        return new Joined(terminal, (input, output) -> attaching.run(container, wanted, keys, input, output::write));
    }

    /** A log that can be read. */
    public interface Log {
        boolean terminal();

        void read(RotatedLogReader.Receiver receiver) throws IOException, InterruptedException;
    }

    /** Prepares to read a container's log. */
    public Log logs(String name, LogQuery query) {
        var container = table.find(name);
        attaching.checkLog(container);
        boolean terminal = container.definition().config().tty();
        return new Log() {
            @Override
            public boolean terminal() {
                return terminal;
            }

            @Override
            public void read(RotatedLogReader.Receiver receiver) throws IOException, InterruptedException {
                attaching.readLog(container, query, receiver);
            }
        };
    }

    /** A wait under way. */
    @FunctionalInterface
    public interface Waiting {
        ContainerWaitResponse await() throws InterruptedException;
    }

    /** Begins to wait for {@code not-running}, {@code next-exit} or {@code removed}; empty is the first. */
    public Waiting await(String name, String condition) {
        var container = table.find(name);
        var mark = container.exits.mark();
        return switch (condition) {
            case "", "not-running" -> {
                var state = container.state();
                boolean over = !state.alive()
                        && state.status() != io.drydock.docker.engine.container.store.RunState.Status.RESTARTING;
                yield over
                        ? () -> new ContainerWaitResponse(state.exitCode(), null)
                        : () -> new ContainerWaitResponse(container.exits.awaitEnd(mark), null);
            }
            case "next-exit" -> () -> new ContainerWaitResponse(container.exits.awaitEnd(mark), null);
            case "removed" -> () -> new ContainerWaitResponse(container.exits.awaitRemoval(), null);
            default -> throw EngineException.invalid("invalid condition: \"" + condition + "\"");
        };
    }

    /** Makes an exec; returns its id. */
    public String createExec(String container, ExecCreateRequest request) {
        return execs.create(table.find(container), request);
    }

    /** How an exec is. */
    public ExecInspect inspectExec(String id) {
        return execs.inspect(id);
    }

    /** Starts an exec without streams. */
    public void startExecDetached(String id) {
        execs.runDetached(execs.claim(id));
    }

    /** Prepares to start an exec; it starts when joined. */
    public Joinable startExec(String id, @Nullable Box size) {
        var exec = execs.claim(id);
        return new Joined(exec.request.tty(), (input, output) -> execs.run(exec, size, input, output::write));
    }

    /** Sets the size of the terminal of an exec, in characters. */
    public void resizeExec(String id, int height, int width) throws InterruptedException {
        execs.resize(id, height, width);
    }

    /** Takes samples. */
    @FunctionalInterface
    public interface StatsReceiver {
        void accept(ContainerStats stats) throws IOException;
    }

    /** Feeds samples: one a second until the receiver throws or the container is gone, or one. */
    public void stats(String name, boolean stream, boolean oneShot, StatsReceiver receiver)
            throws IOException, InterruptedException {
        var container = table.find(name);
        try (var board = stats.look(container)) {
            if (!stream && !oneShot && board.sample() != null) {
                Thread.sleep(STATS_MILLIS);
            }
            do {
                var sample = board.sample();
                receiver.accept(sample == null ? StatsSampler.none(container) : sample);
                if (stream) {
                    Thread.sleep(STATS_MILLIS);
                }
            } while (stream && table.byFullId(container.id) != null);
        }
    }
}
