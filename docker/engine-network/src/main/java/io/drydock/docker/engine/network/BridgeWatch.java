package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.NetlinkSocket;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when somebody else deletes the bridge of a network, makes it again, and connects its containers to it. */
final class BridgeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeWatch.class);

    private final Poller poller;
    private final NetlinkSocket events;
    private final NetworkTable table;
    private final NetworkMaker maker;
    private final Sandboxes sandboxes;
    private final Thread thread;
    private volatile boolean closed;

    BridgeWatch(Linux linux, Poller poller, NetworkTable table, NetworkMaker maker, Sandboxes sandboxes)
            throws LinuxException {
        this.poller = poller;
        this.table = table;
        this.maker = maker;
        this.sandboxes = sandboxes;
        this.events = NetlinkSocket.linkEvents(linux);
        this.thread = Thread.ofVirtual().name("bridge-watch").start(this::run);
    }

    private void run() {
        try {
            while (!closed) {
                poller.await(events.fd(), EventCalls.IN);
                if (!closed) {
                    deleted().forEach(this::remake);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            if (!closed) {
                LOG.error("watch the bridges: {}", e.getMessage());
            }
        }
    }

    private Set<String> deleted() throws LinuxException {
        var names = new LinkedHashSet<String>();
        try {
            for (var message : events.available()) {
                var name = RouteNetlink.deleted(message);
                if (name != null) {
                    names.add(name);
                }
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOBUFS) {
                throw e;
            }
            // notifications were lost: any bridge may be gone
            table.bridges().forEach(bridge -> names.add(bridge.network().bridge()));
        }
        return names;
    }

    /** If it fails, the next deletion is still to be noticed. */
    private void remake(String name) {
        try {
            var bridge = maker.remake(name);
            if (bridge != null) {
                LOG.info("somebody deleted bridge {}: made again", name);
                sandboxes.reconnect(bridge);
            }
        } catch (IOException e) {
            LOG.error("make bridge {} again: {}", name, e.getMessage());
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
