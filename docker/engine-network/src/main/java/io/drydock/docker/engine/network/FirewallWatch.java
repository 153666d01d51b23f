package io.drydock.docker.engine.network;

import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when somebody else changes the engine's table, and puts it right. */
final class FirewallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirewallWatch.class);

    private static final int TRIES = 20;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final NetlinkSocket events;
    private final Firewall firewall;
    private final NetlinkWatch watch;

    FirewallWatch(Linux linux, Poller poller, Firewall firewall) throws LinuxException {
        this.firewall = firewall;
        this.events = NetlinkSocket.nftablesEvents(linux);
        this.watch = new NetlinkWatch(
                poller, events, firewall.isNotified() ? NetlinkWatch.ALWAYS : POLL, "firewall", this::look);
    }

    private void look() throws IOException {
        if (disturbed() || firewall.isChanged()) {
            LOG.info("somebody changed the firewall's rules ({}): made again", firewall.name());
            rebuild();
        }
    }

    /** Somebody who changes one rule after the other may be in the way: it is tried again, and said once. */
    private void rebuild() {
        for (int tries = 1; ; tries++) {
            try {
                firewall.rebuild();
                return;
            } catch (IOException e) {
                if (tries == TRIES || !pause()) {
                    LOG.error("make the firewall's rules ({}) again: {}", firewall.name(), e.getMessage());
                    return; // the next change is still to be noticed
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
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
        watch.close();
    }
}
