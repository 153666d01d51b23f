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
final class OomWatch implements Cgroup.Watch {
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
        Fd counter = control;
        try {
            counter = linux.events().eventfd(0);
            CgroupFile.write(memory.resolve("cgroup.event_control"), counter.number() + " " + control.number());
            Fd source = counter;
            Drain drain = () -> linux.files().read(source, ByteBuffer.allocate(8)) == 8;
            return new OomWatch(poller, source, drain, callback, control);
        } catch (IOException e) {
            counter.close();
            control.close();
            throw e;
        }
    }

    static OomWatch ofV2(Linux linux, Poller poller, Path group, Runnable callback) throws IOException {
        Path events = group.resolve("memory.events");
        Fd inotify = linux.events().inotifyInit();
        try {
            linux.events().inotifyAdd(inotify, events.toString(), EventCalls.IN_MODIFY);
            return ofV2(linux, poller, events, inotify, callback);
        } catch (IOException e) {
            inotify.close();
            throw e;
        }
    }

    private static OomWatch ofV2(Linux linux, Poller poller, Path events, Fd inotify, Runnable callback)
            throws IOException {
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
        if (events == 0) {
            return;
        }
        try {
            if (take()) {
                callback.run();
            }
            again();
        } catch (IOException e) {
            close(); // the group is gone
        }
    }

    /** Locked against {@link #close}: a closed descriptor's number may be another's by the time it is read. */
    private synchronized boolean take() throws IOException {
        return !source.isClosed() && drain.take();
    }

    private synchronized void again() throws IOException {
        if (!source.isClosed()) {
            poller.once(source, EventCalls.IN, this::ready);
        }
    }

    @Override
    public synchronized void close() {
        poller.cancel(source);
        source.close();
        for (Fd other : others) {
            other.close();
        }
    }
}
