package io.drydock.docker.engine.network;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Poller;
import io.drydock.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the kernel's notifications on a thread of its own, until it is closed. */
final class NetlinkWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkWatch.class);
    /** Waits for notifications alone. */
    static final Duration ALWAYS = Duration.ofDays(10_000);

    private final Poller poller;
    private final NetlinkSocket events;
    private final Duration pause;
    private final Work work;
    private final String what;
    private final Thread thread;
    private volatile boolean closed;

    /** Reads the notifications that there are, and acts on them. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /**
     * Begins to watch.
     *
     * @param events closed with this
     * @param pause how long it waits for notifications before the work is done without one
     * @param what is watched, for the log
     */
    NetlinkWatch(Poller poller, NetlinkSocket events, Duration pause, String what, Work work) {
        this.pause = pause;
        this.poller = poller;
        this.events = events;
        this.work = work;
        this.what = what;
        this.thread = Thread.ofVirtual().name(what + "-watch").start(this::run);
    }

    private void run() {
        try {
            while (!closed) {
                poller.await(events.fd(), EventCalls.IN, pause);
                if (!closed) {
                    work.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            if (!closed) {
                LOG.error("watch the {}: {}", what, e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        poller.cancel(events.fd());
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.close();
    }
}
