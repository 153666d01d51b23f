package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdException;
import io.drydock.spec.engine.ContainerStats;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One sample a second of each container that is looked at, however many clients look. */
final class SharedStats {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private final StatsSampler sampler;
    private final Map<String, Board> boards = new ConcurrentHashMap<>();

    SharedStats(StatsSampler sampler) {
        this.sampler = sampler;
    }

    /** The last sample of a container and how many clients look at it. */
    final class Board implements AutoCloseable {
        private final Container container;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable ContainerStats last;
        private long takenAt;
        private int viewers;

        private Board(Container container) {
            this.container = container;
        }

        /** A sample that is at most a second old, compared with the one before; null for a container that does not run. */
        @Nullable
        ContainerStats sample() {
            lock.lock();
            try {
                if (!container.state().alive()) {
                    last = null;
                } else if (last == null || System.nanoTime() - takenAt > FRESH_NANOS) {
                    last = sampler.sample(container, last);
                    takenAt = System.nanoTime();
                }
                return last;
            } catch (ContainerdException e) {
                last = null; // it has ended meanwhile
                return null;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            boards.computeIfPresent(container.id, (id, board) -> --board.viewers == 0 ? null : board);
        }
    }

    /** Begins to look at a container. */
    Board look(Container container) {
        var board = boards.compute(container.id, (id, known) -> {
            var shared = known == null ? new Board(container) : known;
            shared.viewers++;
            return shared;
        });
        return java.util.Objects.requireNonNull(board);
    }
}
