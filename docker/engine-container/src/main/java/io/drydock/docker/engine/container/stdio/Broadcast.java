package io.drydock.docker.engine.container.stdio;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attached clients of one process. */
final class Broadcast {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final List<OutputListener> listeners = new ArrayList<>(1);
    private boolean ended;

    /** Adds a client; tells it at once if the output has ended. */
    void add(OutputListener listener) {
        lock.lock();
        try {
            if (!ended) {
                listeners.add(listener);
                return;
            }
        } finally {
            lock.unlock();
        }
        listener.ended();
    }

    void remove(OutputListener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
    }

    void send(int stream, byte[] bytes, int length) {
        lock.lock();
        try {
            for (int i = listeners.size() - 1; i >= 0; i--) {
                try {
                    listeners.get(i).output(stream, bytes, length);
                } catch (IOException gone) {
                    LOG.debug("an attached client is gone: {}", gone.getMessage(), gone);
                    listeners.remove(i).ended();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void end() {
        List<OutputListener> last;
        lock.lock();
        try {
            ended = true;
            last = List.copyOf(listeners);
            listeners.clear();
        } finally {
            lock.unlock();
        }
        last.forEach(OutputListener::ended);
    }
}
