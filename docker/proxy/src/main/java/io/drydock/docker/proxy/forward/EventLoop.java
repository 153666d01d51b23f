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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls back when descriptors are ready, level-triggered, on the thread that {@link #run runs} it. A loop may have helpers on
 * threads of their own, so that what has no order among itself is done on several processors.
 */
public final class EventLoop implements AutoCloseable {
    /** Readable. */
    public static final int READ = EventCalls.IN;
    /** Writable. */
    public static final int WRITE = EventCalls.OUT;
    /** An error or the end in both directions; always reported. */
    static final int BROKEN = EventCalls.ERR | EventCalls.HUP;

    private static final int TICK_MILLIS = 1000;
    /** To be woken takes about as long, and a stream of bytes is soon continued. */
    private static final long SPIN_NANOS = 100_000;

    private final Linux linux;
    private final Fd epoll;
    private final Map<Long, Watch> watches = new HashMap<>();
    private final List<Runnable> ticks = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
    private final ConduitPool conduits;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Fd wake;
    private final List<EventLoop> helpers = new ArrayList<>();
    private final int loops;
    private int turn;
    private long nextId;
    private long busyUntil;
    private volatile boolean stopped;

    /** A loop without descriptors and helpers. */
    public EventLoop(Linux linux) throws LinuxException {
        this(linux, 1);
    }

    /**
     * A loop without descriptors.
     *
     * @param loops how many loops there may be with the helpers, at least 1; they are made when there is something to do
     */
    public EventLoop(Linux linux, int loops) throws LinuxException {
        this.linux = linux;
        this.loops = loops;
        this.epoll = linux.events().epollCreate();
        this.conduits = new ConduitPool(linux);
        this.wake = linux.events().eventfd(0, true);
        watch(wake, events -> work()).interest(READ);
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

    /** The loop whose turn it is to take something new: this one, or a helper. */
    EventLoop next() throws LinuxException {
        int number = turn++ % loops;
        if (number == 0) {
            return this;
        }
        if (number > helpers.size()) {
            var helper = new EventLoop(linux);
            helpers.add(helper);
            Thread.ofPlatform().daemon().name("docker-proxy-" + number).start(helper::runAsHelper);
        }
        return helpers.get(number - 1);
    }

    private void runAsHelper() {
        try (this) {
            run();
        } catch (LinuxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has something done on this loop's thread. Any thread may call it. */
    void execute(Runnable task) throws LinuxException {
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            linux.files().write(wake, ByteBuffer.allocate(8).put(0, (byte) 1));
        }
    }

    private void work() {
        try {
            linux.files().read(wake, buffer().limit(8));
        } catch (LinuxException e) {
            throw new IllegalStateException(e);
        }
        woken.set(false);
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** More is about to come: the thread does not sleep for a moment. */
    void stayAwake() {
        busyUntil = System.nanoTime() + SPIN_NANOS;
    }

    /** A buffer for the time of one callback, empty. */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    /** What moves much from socket to socket. */
    ConduitPool conduits() {
        return conduits;
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
            if (busyUntil != 0) {
                timeout = 0;
                if (System.nanoTime() >= busyUntil) {
                    busyUntil = 0;
                }
            }
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

    /**
     * Ends the loop after this callback, and its helpers; from another thread, at the latest a second later if anything is done
     * every second.
     */
    public void stop() {
        stopped = true;
        try {
            for (var helper : helpers) {
                helper.stopped = true;
                helper.execute(() -> {});
            }
        } catch (LinuxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes the loop's own descriptors. */
    @Override
    public void close() {
        conduits.close();
        wake.close();
        epoll.close();
    }
}
