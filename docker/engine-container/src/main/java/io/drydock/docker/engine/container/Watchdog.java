package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.watch.OperationLock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after containers from time to time and says which one has hung for long, and where: an operation that does not end
 * (a mount of a server that is away, a frozen process), or a log whose receiver takes no lines. It says so again each time
 * the time has doubled. It takes no lock itself.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LOOKS = 6; // for each limit that goes by
    private static final int FRAMES = 6;

    private final ContainerTable table;
    private final Duration limit;
    private final Consumer<String> voice;
    private final Map<String, Duration> said = new HashMap<>();
    private final Thread thread;

    Watchdog(ContainerTable table) {
        this(table, LIMIT, LOG::warn);
    }

    /**
     * @param limit how long an operation may take before it is named
     * @param voice takes what is to be said
     */
    Watchdog(ContainerTable table, Duration limit, Consumer<String> voice) {
        this.table = table;
        this.limit = limit;
        this.voice = voice;
        // what it watches for may keep virtual threads from running
        this.thread = Thread.ofPlatform().daemon().name("watchdog").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(limit.dividedBy(LOOKS));
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Looks once at all containers. */
    void look() {
        var seen = new HashMap<String, Duration>();
        for (Container container : table.all()) {
            examine(container, "an operation has not ended", container.lock.held(), seen);
            var stdio = container.stdio;
            if (stdio != null) {
                examine(container, "its log has taken nothing", stdio.logHeld(), seen);
            }
        }
        said.keySet().retainAll(seen.keySet());
    }

    private void examine(
            Container container, String what, OperationLock.@Nullable Held held, Map<String, Duration> seen) {
        if (held == null || held.time().compareTo(limit) < 0) {
            return;
        }
        String key = container.id + what;
        seen.put(key, held.time());
        if (due(said.get(key), held.time())) {
            said.put(key, held.time());
            voice.accept("container " + container.name() + " (" + container.shortId() + "): " + what + " for "
                    + held.time().toSeconds() + " seconds, " + held.waiting() + " wait for it; it is at "
                    + place(held.thread()));
        }
    }

    /** Whether it is to be said after it was said last: now that it has taken twice as long, or is another operation. */
    static boolean due(@Nullable Duration before, Duration now) {
        return before == null || now.compareTo(before.multipliedBy(2)) >= 0 || now.compareTo(before) < 0;
    }

    /** Where a thread is: the innermost of our own methods. */
    private static String place(Thread thread) {
        String frames = Arrays.stream(thread.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.drydock."))
                .limit(FRAMES)
                .map(frame ->
                        frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1) + "."
                                + frame.getMethodName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining(" < "));
        return frames.isEmpty() ? "thread " + thread.getName() : frames;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
