package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;

/** The default routes of a container, which move when networks come and go while it runs. */
final class DefaultRoutes {
    private DefaultRoutes() {}

    /** Replaces those that lead by another endpoint than before. */
    static void move(Sandbox before, Sandbox after, RouteNetlink links) throws IOException {
        for (boolean ipv6 : new boolean[] {false, true}) {
            var old = before.defaultRoute(ipv6);
            var endpoint = after.defaultRoute(ipv6);
            if (endpoint != null && (old == null || !old.id().equals(endpoint.id()))) {
                set(endpoint, ipv6, links);
            }
        }
    }

    private static void set(Endpoint endpoint, boolean ipv6, RouteNetlink links) throws IOException {
        var link = links.link(endpoint.interfaceName());
        if (link == null) {
            throw new IOException("interface " + endpoint.interfaceName() + " is gone");
        }
        var gateway = Ipv4Subnet.parseAddress(endpoint.gateway());
        var gateway6 = Ipv6Subnet.parseAddress(endpoint.ipv6Gateway());
        if (!ipv6 && gateway != null) {
            links.replaceDefaultRoute(link.index(), Ipv4Subnet.bytes(gateway));
        } else if (ipv6 && gateway6 != null) {
            links.replaceDefaultRoute6(link.index(), gateway6.bytes());
        }
    }
}
