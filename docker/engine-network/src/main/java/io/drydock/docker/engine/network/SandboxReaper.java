package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes sandboxes that are no longer used. To delete an interface takes the kernel tens of milliseconds under the lock that
 * making one needs too, but many at once take hardly longer than one: so they are collected until no more come for a while.
 */
final class SandboxReaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxReaper.class);

    /** The interface group of what waits to be deleted; a daemon that died leaves it to the next one. */
    private static final int GROUP = 0x64726b00;

    private static final long QUIET_MILLIS = 300;
    private static final int MOST = 64;
    private static final Path END = Path.of("");

    private final RouteNetlink host;
    private final NamespaceFactory namespaces;
    private final LinkedBlockingQueue<Path> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;

    SandboxReaper(RouteNetlink host, NamespaceFactory namespaces) {
        this.host = host;
        this.namespaces = namespaces;
        this.thread = Thread.ofPlatform().name("sandbox-reaper").daemon().start(this::run);
    }

    /** Stops an interface's traffic at once, and deletes it later. */
    void retire(String hostInterface) throws IOException {
        host.retire(hostInterface, GROUP);
    }

    /** Removes a namespace, and the interfaces that were retired, later. */
    void remove(Path namespace) {
        waiting.add(namespace);
    }

    private void run() {
        var batch = new ArrayList<Path>();
        try {
            delete(List.of()); // what an earlier daemon left
            while (batch.isEmpty() || batch.getLast() != END) {
                batch.clear();
                batch.add(waiting.take());
                while (batch.size() < MOST && batch.getLast() != END) {
                    var next = waiting.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                    if (next == null) {
                        break;
                    }
                    batch.add(next);
                }
                delete(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void delete(List<Path> batch) {
        try {
            host.deleteGroup(GROUP);
        } catch (IOException e) {
            LOG.warn("delete retired interfaces: {}", e.getMessage());
        }
        for (var namespace : batch) {
            try {
                if (namespace != END) {
                    namespaces.remove(namespace);
                }
            } catch (IOException e) {
                LOG.warn("remove network namespace {}: {}", namespace, e.getMessage());
            }
        }
    }

    /** Removes what still waits, and ends. */
    @Override
    public void close() {
        waiting.add(END);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
