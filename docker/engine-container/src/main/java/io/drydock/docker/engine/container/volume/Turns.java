package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.watch.OperationLock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One works on a name at a time, and the others of that name wait. A name that nobody works on takes no room. */
final class Turns {
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /** Counted in the map's own computations, which are atomic for a name. */
    private static final class Turn {
        final OperationLock lock = new OperationLock();
        int wanted;
    }

    /**
     * Works on a name when its turn has come.
     *
     * @param take how to take the lock: with patience or without end
     */
    <T> T with(String name, Consumer<OperationLock> take, Supplier<T> step) {
        var turn = turns.compute(name, (key, known) -> {
            var wanted = known == null ? new Turn() : known;
            wanted.wanted++;
            return wanted;
        });
        try {
            take.accept(turn.lock);
            try {
                return step.get();
            } finally {
                turn.lock.unlock();
            }
        } finally {
            turns.computeIfPresent(name, (key, known) -> --known.wanted == 0 ? null : known);
        }
    }

    /** How many names are worked on or waited for. */
    int size() {
        return turns.size();
    }
}
