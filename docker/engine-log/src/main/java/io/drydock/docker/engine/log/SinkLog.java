package io.drydock.docker.engine.log;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose lines are sent away by a thread of its own, and kept in a local cache so that they can be read here, too. What
 * waits to be sent is bounded: a full queue holds the container up ({@code mode=blocking}) or costs the newest lines ({@code
 * non-blocking}). When the container has ended, a receiver that does not answer is given up after a while.
 */
final class SinkLog implements ContainerLog {
    private static final Logger LOG = LoggerFactory.getLogger(SinkLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LogSink sink;
    private final @Nullable RotatedLog cache;
    private final Limit limit;
    private final boolean blocking;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<LogSink.Line> queue = new ArrayDeque<>();
    private final Thread sender;
    private long waiting;
    private boolean closing;
    private boolean failing;

    /** How much may wait to be sent. */
    record Limit(long bytes, int lines) {}

    /**
     * @param cache null for none
     */
    SinkLog(LogSink sink, @Nullable RotatedLog cache, Limit limit, boolean blocking, String name) {
        this.sink = sink;
        this.cache = cache;
        this.limit = limit;
        this.blocking = blocking;
        this.sender = Thread.ofVirtual().name("log-" + name).start(this::run);
    }

    @Nullable
    RotatedLog cache() {
        return cache;
    }

    @Override
    public void append(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time) {
        if (cache != null) {
            cache.append(stream, bytes, offset, length, partial, time);
        }
        put(new LogSink.Line(stream, Arrays.copyOfRange(bytes, offset, offset + length), partial, time));
    }

    private void put(LogSink.Line line) {
        lock.lock();
        try {
            while (blocking && !closing && isFull()) {
                changed.awaitUninterruptibly();
            }
            if (!isFull()) {
                queue.addLast(line);
                waiting += line.text().length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return waiting >= limit.bytes() || queue.size() >= limit.lines();
    }

    /** The next line; null at the end, or if there is none by the {@linkplain System#nanoTime time} {@code due}. */
    private LogSink.@Nullable Line take(@Nullable Long due) throws InterruptedException {
        lock.lock();
        try {
            while (due != null && due - System.nanoTime() <= 0 || queue.isEmpty()) {
                if (closing && queue.isEmpty()) {
                    return null;
                }
                if (due == null) {
                    changed.await();
                } else if (changed.awaitNanos(due - System.nanoTime()) <= 0) {
                    return null;
                }
            }
            var line = queue.removeFirst();
            waiting -= line.text().length;
            changed.signalAll();
            return line;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try (sink) {
            Long due = null;
            while (true) {
                var line = take(due);
                if (line == null && due == null) {
                    return;
                }
                due = line == null ? flush() : send(line, due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("close a log: {}", e.getMessage());
        }
    }

    /** Returns when what the sink has put aside is to be sent; null if there is nothing. */
    private @Nullable Long send(LogSink.Line line, @Nullable Long due) {
        tried(() -> sink.send(line));
        return due == null && !sink.linger().isZero() ? (Long) later() : due;
    }

    private @Nullable Long flush() {
        return tried(sink::flush) || isEnding() ? null : (Long) later();
    }

    private long later() {
        return System.nanoTime() + sink.linger().toNanos();
    }

    private boolean isEnding() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    private boolean tried(Attempt attempt) {
        try {
            attempt.run();
            failing = false;
            return true;
        } catch (IOException e) {
            // the first of a row says it; each one would fill the daemon's own log
            if (!failing) {
                LOG.error("Failed to log msg: {}", e.getMessage());
            }
            failing = true;
            return false;
        }
    }

    @Override
    public void commit() throws IOException {
        if (cache != null) {
            cache.commit();
        }
    }

    @Override
    public long mark() throws IOException {
        return cache == null ? 0 : cache.mark();
    }

    @Override
    public void rollback(long mark) throws IOException {
        if (cache != null) {
            cache.rollback(mark);
        }
    }

    @Override
    public void hurry() {
        Thread.ofVirtual().name("log-hurry").start(() -> {
            try {
                if (!sender.join(PATIENCE)) {
                    release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** From now on nobody waits for room in the queue. */
    private void release() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        release();
        try {
            if (!sender.join(PATIENCE)) {
                sender.interrupt();
                sender.join(TimeUnit.MILLISECONDS.toMillis(100));
            }
        } catch (InterruptedException e) {
            sender.interrupt();
            Thread.currentThread().interrupt();
        } finally {
            if (cache != null) {
                cache.close();
            }
        }
    }
}
