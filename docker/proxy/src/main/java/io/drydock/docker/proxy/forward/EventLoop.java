package io.drydock.docker.proxy.forward;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls back when descriptors are ready, level-triggered, on the thread that {@link #run runs} it. */
public final class EventLoop implements AutoCloseable {
    /** Readable. */
    public static final int READ = EventCalls.IN;
    /** Writable. */
    public static final int WRITE = EventCalls.OUT;
    /** An error or the end in both directions; always reported. */
    static final int BROKEN = EventCalls.ERR | EventCalls.HUP;

    private static final int TICK_MILLIS = 1000;

    private final Linux linux;
    private final Fd epoll;
    private final Map<Long, Watch> watches = new HashMap<>();
    private final List<Runnable> ticks = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
    private long nextId;
    private volatile boolean stopped;

    /** A loop without descriptors. */
    public EventLoop(Linux linux) throws LinuxException {
        this.linux = linux;
        this.epoll = linux.events().epollCreate();
    }

    /** Is told that a descriptor is ready. */
    public interface Ready {
        /** The events that are there, {@link #READ}, {@link #WRITE} and {@link #BROKEN} or-ed. Must not block. */
        void on(int events);
    }

    /** A descriptor in the loop, and what it waits for. */
    public final class Watch {
        private final long id;
        private final Fd fd;
        private final Ready ready;
        private int interest;

        private Watch(long id, Fd fd, Ready ready) {
            this.id = id;
            this.fd = fd;
            this.ready = ready;
        }

        /** What it waits for from now on; 0 for nothing, not even its end. */
        public void interest(int events) throws LinuxException {
            if (events == interest) {
                return;
            }
            if (events == 0) {
                linux.events().epollRemove(epoll, fd);
            } else if (interest == 0) {
                linux.events().epollAdd(epoll, fd, events, id);
            } else {
                linux.events().epollModify(epoll, fd, events, id);
            }
            interest = events;
        }

        /** What it waits for. */
        int interest() {
            return interest;
        }

        /** Takes the descriptor out of the loop and closes it. */
        public void close() {
            watches.remove(id);
            fd.close();
        }
    }

    /** Puts a descriptor into the loop, which is closed with its watch. It waits for nothing yet. */
    public Watch watch(Fd fd, Ready ready) {
        var watch = new Watch(nextId++, fd, ready);
        watches.put(watch.id, watch);
        return watch;
    }

    /** Has something done about once a second. */
    void everySecond(Runnable task) {
        ticks.add(task);
    }

    /** Ends what {@link #everySecond} began. */
    void cancel(Runnable task) {
        ticks.remove(task);
    }

    /** A buffer for the time of one callback, empty. */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    /** The kernel. */
    Linux linux() {
        return linux;
    }

    /** Runs until {@link #stop} is called. */
    public void run() throws LinuxException {
        long lastTick = System.nanoTime();
        while (!stopped) {
            int timeout = ticks.isEmpty() ? -1 : TICK_MILLIS;
            for (var event : linux.events().epollWait(epoll, 128, timeout)) {
                var watch = watches.get(event.data()); // none if it was closed by an event before this one
                if (watch != null) {
                    watch.ready.on(event.events());
                }
            }
            if (!ticks.isEmpty() && System.nanoTime() - lastTick >= TICK_MILLIS * 1_000_000L) {
                lastTick = System.nanoTime();
                List.copyOf(ticks).forEach(Runnable::run);
            }
        }
    }

    /** Ends the loop after this callback; from another thread, at the latest a second later if anything is done every second. */
    public void stop() {
        stopped = true;
    }

    /** Closes the loop's own descriptor. */
    @Override
    public void close() {
        epoll.close();
    }
}
