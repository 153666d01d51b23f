package io.drydock.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * Waits for descriptors (pipes, FIFOs, sockets, pidfds, terminals, eventfds) on one platform thread, so that virtual threads
 * can block on them cheaply. Each request fires once. The owner of a descriptor calls {@link #cancel} before closing it if
 * somebody may be waiting.
 *
 * <p>Thread rules: any thread may call any method; callbacks run on the poller's thread and must not block.
 */
public final class Poller implements AutoCloseable {
    private static final long WAKE = -1;

    private final Linux linux;
    private final Fd epoll;
    private final Fd wake;
    private final Thread thread;
    /** By descriptor number; guarded by itself. */
    private final Map<Integer, Watch> watches = new HashMap<>();

    private volatile boolean closed;

    private record Waiter(int events, IntConsumer callback) {}

    private static final class Watch {
        final Fd fd;
        final List<Waiter> waiters = new ArrayList<>(1);

        Watch(Fd fd) {
            this.fd = fd;
        }

        int mask() {
            int mask = EventCalls.ONESHOT;
            for (Waiter w : waiters) {
                mask |= w.events;
            }
            return mask;
        }
    }

    /** Starts the poller's thread, a daemon thread of the given name. */
    public Poller(Linux linux, String name) throws LinuxException {
        this.linux = linux;
        this.epoll = linux.events().epollCreate();
        this.wake = linux.events().eventfd(0);
        linux.events().epollAdd(epoll, wake, EventCalls.IN, WAKE);
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /**
     * Calls back once when one of {@code events} (or an error, or a hang-up) is there, with the events that are; with 0 after
     * {@link #cancel} or when this poller is closed.
     */
    public void once(Fd fd, int events, IntConsumer callback) throws LinuxException {
        if (!register(fd, events, callback)) {
            callback.accept(0);
        }
    }

    private boolean register(Fd fd, int events, IntConsumer callback) throws LinuxException {
        Watch stale = null;
        synchronized (watches) {
            if (closed) {
                return false;
            }
            Watch watch = watches.get(fd.number());
            if (watch == null || watch.fd != fd) {
                stale = watch; // its descriptor was closed without a cancel, and the number is in use again
                watch = new Watch(fd);
                watch.waiters.add(new Waiter(events, callback));
                add(watch);
                watches.put(fd.number(), watch);
            } else {
                watch.waiters.add(new Waiter(events, callback));
                linux.events().epollModify(epoll, fd, watch.mask(), fd.number());
            }
        }
        if (stale != null) {
            stale.waiters.forEach(w -> call(w, 0));
        }
        return true;
    }

    private void add(Watch watch) throws LinuxException {
        try {
            linux.events().epollAdd(epoll, watch.fd, watch.mask(), watch.fd.number());
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            linux.events().epollModify(epoll, watch.fd, watch.mask(), watch.fd.number());
        }
    }

    /**
     * Blocks until one of {@code events} is there; the events that are, or 0 if {@code timeout} passed or the wait was
     * cancelled. Made for virtual threads.
     */
    public int await(Fd fd, int events, Duration timeout) throws IOException, InterruptedException {
        CompletableFuture<Integer> ready = new CompletableFuture<>();
        IntConsumer callback = ready::complete;
        once(fd, events, callback);
        try {
            return ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            forget(fd, callback);
            return ready.getNow(0);
        } catch (InterruptedException e) {
            forget(fd, callback);
            throw e;
        } catch (ExecutionException e) {
            throw new IOException("poll", e);
        }
    }

    /** As {@link #await(Fd, int, Duration)} without a limit. */
    public int await(Fd fd, int events) throws IOException, InterruptedException {
        return await(fd, events, Duration.ofDays(36500));
    }

    private void forget(Fd fd, IntConsumer callback) {
        synchronized (watches) {
            Watch watch = fd.isClosed() ? null : watches.get(fd.number());
            if (watch != null && watch.waiters.removeIf(w -> w.callback == callback) && watch.waiters.isEmpty()) {
                drop(watch);
            }
        }
    }

    /** Ends all waits on a descriptor that is about to be closed; they answer 0. */
    public void cancel(Fd fd) {
        Watch watch;
        synchronized (watches) {
            watch = fd.isClosed() ? null : watches.get(fd.number());
            if (watch == null || watch.fd != fd) {
                return;
            }
            drop(watch);
        }
        watch.waiters.forEach(w -> call(w, 0));
    }

    private void drop(Watch watch) {
        watches.values().remove(watch);
        if (watch.fd.isClosed() || epoll.isClosed()) {
            return;
        }
        try {
            linux.events().epollRemove(epoll, watch.fd);
        } catch (IllegalStateException e) {
            return; // closed just now, which removes it as well
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.EBADF) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void run() {
        try {
            while (!closed) {
                for (EventCalls.Event event : linux.events().epollWait(epoll, 64, -1)) {
                    if (event.data() != WAKE) {
                        fire((int) event.data(), event.events());
                    }
                }
            }
        } catch (LinuxException e) {
            throw new UncheckedIOException(e);
        } finally {
            List<Watch> left;
            synchronized (watches) {
                closed = true;
                epoll.close();
                wake.close();
                left = List.copyOf(watches.values());
                watches.clear();
            }
            left.forEach(watch -> watch.waiters.forEach(w -> call(w, 0)));
        }
    }

    private void fire(int number, int events) throws LinuxException {
        List<Waiter> ready = new ArrayList<>(1);
        synchronized (watches) {
            Watch watch = watches.get(number);
            if (watch == null) {
                return;
            }
            for (Iterator<Waiter> i = watch.waiters.iterator(); i.hasNext(); ) {
                Waiter waiter = i.next();
                if ((events & (waiter.events | EventCalls.ERR | EventCalls.HUP)) != 0) {
                    ready.add(waiter);
                    i.remove();
                }
            }
            if (watch.waiters.isEmpty() || !arm(watch)) {
                drop(watch);
            }
        }
        ready.forEach(w -> call(w, events));
    }

    /** False if somebody closed the descriptor meanwhile. */
    private boolean arm(Watch watch) throws LinuxException {
        try {
            linux.events().epollModify(epoll, watch.fd, watch.mask(), watch.fd.number());
            return true;
        } catch (IllegalStateException e) {
            return false;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EBADF) {
                return false;
            }
            throw e;
        }
    }

    /** One caller's fault must not end the waiting of all others. */
    private void call(Waiter waiter, int events) {
        try {
            waiter.callback.accept(events);
        } catch (RuntimeException e) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    /** Ends the thread; all waits answer 0. */
    @Override
    public void close() {
        try {
            synchronized (watches) {
                closed = true;
                if (!wake.isClosed()) {
                    ByteBuffer one = ByteBuffer.allocate(8)
                            .order(ByteOrder.nativeOrder())
                            .putLong(0, 1);
                    linux.files().write(wake, one);
                }
            }
            thread.join();
        } catch (LinuxException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
