package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when somebody else deletes the bridge of a network, makes it again, and connects its containers to it. */
final class BridgeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeWatch.class);

    private final NetlinkSocket events;
    private final NetworkTable table;
    private final NetworkMaker maker;
    private final Sandboxes sandboxes;
    private final NetlinkWatch watch;

    BridgeWatch(Linux linux, Poller poller, NetworkTable table, NetworkMaker maker, Sandboxes sandboxes)
            throws LinuxException {
        this.table = table;
        this.maker = maker;
        this.sandboxes = sandboxes;
        this.events = NetlinkSocket.linkEvents(linux);
        this.watch = new NetlinkWatch(poller, events, NetlinkWatch.ALWAYS, "bridges", this::look);
    }

    private void look() throws LinuxException {
        deleted().forEach(this::remake);
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
        watch.close();
    }
}
