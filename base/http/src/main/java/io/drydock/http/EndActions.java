package io.drydock.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What is to happen when a client goes away, each on a thread of its own. Thread-safe. */
final class EndActions {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Once> actions = new ArrayList<>(1);
    private boolean ended;

    /** Adds an action; if the client has gone already it runs at once. */
    Exchange.Registration add(Runnable action) {
        Once entry = new Once(action);
        boolean now;
        lock.lock();
        try {
            now = ended;
            if (!now) {
                actions.add(entry);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            Thread.startVirtualThread(entry::run);
        }
        return () -> {
            lock.lock();
            try {
                actions.remove(entry);
            } finally {
                lock.unlock();
            }
            entry.cancel();
        };
    }

    /** The client has gone. */
    void run() {
        List<Once> due;
        lock.lock();
        try {
            ended = true;
            due = List.copyOf(actions);
            actions.clear();
        } finally {
            lock.unlock();
        }
        due.forEach(entry -> Thread.startVirtualThread(entry::run));
    }

    /** An action that runs at most once; after cancel() it neither runs nor will. */
    private static final class Once {
        private final Runnable action;
        private final ReentrantLock running = new ReentrantLock();
        private boolean done;

        Once(Runnable action) {
            this.action = action;
        }

        void run() {
            running.lock();
            try {
                if (!done) {
                    done = true;
                    action.run();
                }
            } finally {
                running.unlock();
            }
        }

        void cancel() {
            running.lock();
            try {
                done = true;
            } finally {
                running.unlock();
            }
        }
    }
}
