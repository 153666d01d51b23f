package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.NetlinkSocket;
import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when somebody else changes the engine's table, and puts it right. */
final class FirewallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirewallWatch.class);
    private static final Duration ALWAYS = Duration.ofDays(10_000);

    private final Poller poller;
    private final NetlinkSocket events;
    private final Firewall firewall;
    private final Thread thread;
    private volatile boolean closed;

    FirewallWatch(Linux linux, Poller poller, Firewall firewall) throws LinuxException {
        this.poller = poller;
        this.firewall = firewall;
        this.events = NetlinkSocket.nftablesEvents(linux);
        this.thread = Thread.ofVirtual().name("firewall-watch").start(this::run);
    }

    private void run() {
        try {
            while (!closed) {
                poller.await(events.fd(), EventCalls.IN, ALWAYS);
                if (!closed && disturbed()) {
                    LOG.info("somebody changed the firewall's rules ({}): made again", firewall.name());
                    rebuild();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            if (!closed) {
                LOG.error("watch the firewall: {}", e.getMessage());
            }
        }
    }

    /** If it fails, the next change is still to be noticed. */
    private void rebuild() {
        try {
            firewall.rebuild();
        } catch (IOException e) {
            LOG.error("make the firewall's rules ({}) again: {}", firewall.name(), e.getMessage());
        }
    }

    private boolean disturbed() throws LinuxException {
        try {
            boolean disturbed = false;
            for (var message : events.available()) {
                disturbed |= firewall.isDisturbedBy(message);
            }
            return disturbed;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOBUFS) {
                return true; // notifications were lost
            }
            throw e;
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
