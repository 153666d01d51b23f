package io.drydock.runc.cli;

import io.avaje.jsonb.Jsonb;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code runc events}: counters at intervals and out-of-memory events, a JSON line each, until the groups are gone. */
final class EventsCommand {
    /** How often it is looked whether the groups are still there. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Containers containers;
    private final Linux linux;
    private final PrintStream out;

    EventsCommand(Containers containers, Linux linux, PrintStream out) {
        this.containers = containers;
        this.linux = linux;
        this.out = out;
    }

    int run(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parse(words, "interval=", "stats");
        if (line.arguments().size() != 1) {
            throw new UsageException("runc: \"events\" requires exactly 1 argument(s)");
        }
        Duration interval = GoDuration.parse("interval", line.get("interval", "5s"));
        try (Container container = containers.load(line.arguments().getFirst())) {
            if (interval.isZero()) {
                throw new IOException("duration interval must be greater than 0");
            }
            if (container.state().status() == Status.STOPPED) {
                throw new IOException("container with id " + container.id() + " is not running");
            }
            if (line.has("stats")) {
                print("stats", container.id(), StatsJson.of(container));
            } else {
                follow(container, interval);
            }
        }
        return 0;
    }

    private void follow(Container container, Duration interval) throws IOException {
        BlockingQueue<Boolean> kills = new LinkedBlockingQueue<>();
        Path group = Path.of(container
                .cgroup()
                .paths()
                .getOrDefault("memory", container.cgroup().paths().getOrDefault("", "/nonexistent")));
        try (Poller poller = new Poller(linux, "events");
                AutoCloseable watch = container.cgroup().watchOom(linux, poller, () -> kills.add(true))) {
            long next = System.nanoTime() + interval.toNanos();
            while (Files.isDirectory(group)) {
                long wait = Math.min(LOOK.toNanos(), Math.max(1, next - System.nanoTime()));
                boolean killed = kills.poll(wait, TimeUnit.NANOSECONDS) != null;
                if (!Files.isDirectory(group)) {
                    return; // the removal of a group looks like an event, too
                }
                if (killed) {
                    print("oom", container.id(), null);
                }
                if (System.nanoTime() >= next) {
                    print("stats", container.id(), StatsJson.of(container));
                    next += interval.toNanos();
                }
            }
        } catch (IOException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (Exception e) {
            throw new IOException("watch memory events: " + e.getMessage(), e);
        }
    }

    private void print(String type, String id, @Nullable Map<String, Object> data) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.put("id", id);
        if (data != null) {
            event.put("data", data);
        }
        out.println(Jsonb.instance().type(Object.class).toJson(event));
        out.flush();
    }
}
