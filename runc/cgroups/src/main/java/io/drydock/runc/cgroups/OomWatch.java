package io.drydock.runc.cgroups;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Waits for out-of-memory events: an eventfd of version 1, or changes of {@code memory.events}. */
final class OomWatch implements AutoCloseable {
    private final Poller poller;
    private final Fd source;
    private final Fd[] others;
    private final Drain drain;
    private final Runnable callback;

    /** Takes what is there from the source; true if that means an event. */
    private interface Drain {
        boolean take() throws IOException;
    }

    private OomWatch(Poller poller, Fd source, Drain drain, Runnable callback, Fd... others) throws LinuxException {
        this.poller = poller;
        this.source = source;
        this.drain = drain;
        this.callback = callback;
        this.others = others;
        poller.once(source, EventCalls.IN, this::ready);
    }

    static OomWatch ofV1(Linux linux, Poller poller, Path memory, Runnable callback) throws IOException {
        Fd control = linux.files().open(memory.resolve("memory.oom_control").toString(), O.RDONLY);
        Fd counter = linux.events().eventfd(0);
        CgroupFile.write(memory.resolve("cgroup.event_control"), counter.number() + " " + control.number());
        Drain drain = () -> linux.files().read(counter, ByteBuffer.allocate(8)) == 8;
        return new OomWatch(poller, counter, drain, callback, control);
    }

    static OomWatch ofV2(Linux linux, Poller poller, Path group, Runnable callback) throws IOException {
        Path events = group.resolve("memory.events");
        Fd inotify = linux.events().inotifyInit();
        linux.events().inotifyAdd(inotify, events.toString(), EventCalls.IN_MODIFY);
        long[] seen = {kills(events)};
        Drain drain = () -> {
            linux.events().inotifyRead(inotify);
            long now = kills(events);
            boolean more = now > seen[0];
            seen[0] = now;
            return more;
        };
        return new OomWatch(poller, inotify, drain, callback);
    }

    private static long kills(Path events) throws IOException {
        return StatsReader.table(events).getOrDefault("oom_kill", 0L);
    }

    private void ready(int events) {
        if (events == 0 || source.isClosed()) {
            return;
        }
        try {
            if (drain.take()) {
                callback.run();
            }
            poller.once(source, EventCalls.IN, this::ready);
        } catch (IOException | IllegalStateException e) {
            close(); // closed just now, or the group is gone
        }
    }

    @Override
    public void close() {
        poller.cancel(source);
        source.close();
        for (Fd other : others) {
            other.close();
        }
    }
}
